"""A filter change over 100,000 lines: how soon the first screenful stands there, and how soon it is complete.

First the model alone, with several filters; then the console in a terminal of 200×50, from the Enter key.
``python -m bench.filter [--lines N] [--rounds N]``
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine, verdict
from bench._terminal import Terminal

if TYPE_CHECKING:
    from tui_live.core.log import LogModel

_SCREENFUL = 46
_FIRST_MS, _COMPLETE_MS = 50.0, 150.0
#: Every so many lines there is one with the word and its number, none among the last ones.
_NEEDLE_EVERY = 20
_FILTERS = (
    *("needle", "rose", "type:chat", "type:gift,follow user:a", "!type:like,join", "/n.*dle 0+4/", "/nothing at all/"),
    *('"two words"', "stream:bench /(a|e)b?c/ !type:like"),
)


def fill(log: LogModel, lines: int) -> None:
    """Append messages of the stand-in as the decoder makes them, 10,000 different ones again and again."""
    import msgspec

    from tui_live.simulator import SCENARIOS, batches
    from tui_live.simulator.room import Room
    from tui_live.tiktok.decode import RoomDecoder
    from tui_live.tiktok.kinds import Host
    from tui_live.wire.frames import Frame

    room = Room("bench", SCENARIOS["flood"], seed=7, media_url="http://localhost")
    now_ms = time.time_ns() // 1_000_000
    batch = batches.encode(room.script.take(10_000), cursor="", now_ms=now_ms)
    events = RoomDecoder("1", Host("bench")).decode(Frame(batches.gzip(batch)), now_ms).events
    log.name_stream(0, "bench")
    for start in range(0, lines, len(events)):
        some = list(events[: lines - start])
        for number in range(-(-start // _NEEDLE_EVERY) * _NEEDLE_EVERY, start + len(some), _NEEDLE_EVERY):
            if number < lines - 200:
                some[number - start] = msgspec.structs.replace(some[number - start], text=f"needle {number:06}")
        log.append(0, some)


def last_needle(lines: int) -> str:
    """The number of the newest line with the word; the word itself is marked and therefore apart from it."""
    newest = max(number for number in range(lines - 400, lines - 200) if number % _NEEDLE_EVERY == 0)
    return f" {newest:06}"


def model(lines: int, rounds: int) -> None:
    """Print the times of the log's model: what one reader waits for before anything is drawn."""
    from tui_live.core.log import LogModel
    from tui_live.core.log_filter import parse
    from tui_live.core.log_index import LogReader

    log = LogModel(lines)
    fill(log, lines)
    gc.collect()
    gc.freeze()
    for source in _FILTERS:
        first: list[float] = []
        complete: list[float] = []
        busy = time.thread_time()
        for _ in range(rounds):
            reader = LogReader(log)
            begin = time.perf_counter()
            parsed = parse(source, log.stream_names)
            reader.set_match(parsed.match, chunk=1 if parsed.heavy else 64)
            screenful = 0.0
            while not reader.complete:
                reader.work()
                if not screenful and len(reader) >= _SCREENFUL:
                    screenful = time.perf_counter() - begin
            complete.append(time.perf_counter() - begin)
            # Where the newest 10,000 lines hold no screenful, it cannot come before the rest has been looked through.
            if screenful and reader.seq_at(max(0, len(reader) - _SCREENFUL)) > lines - 10_000:
                first.append(screenful)
        busy = (time.thread_time() - busy) / rounds * 1e3
        report(f"model    {source:<36} {len(reader):>7,} lines, CPU {busy:5.1f} ms", first, complete)


def console(lines: int, rounds: int) -> None:
    """Print the times of the console, from Enter to what reaches the terminal."""
    first: list[float] = []
    complete: list[float] = []
    with tempfile.TemporaryDirectory(prefix="tui-live-bench-") as name:
        folder = Path(name)
        order = {"lines": lines, "settings": {"database.path": str(folder / "bench.db"), "ui.log_lines": lines}}
        with open_console(folder, order) as terminal:
            wait_for_note(terminal, folder, "filled")
            expected = f"{(lines - 200) // _NEEDLE_EVERY:,}".encode()
            for _ in range(rounds):
                terminal.press(b"/", b"user:ana")
                terminal.drain(0.3)
                terminal.press(b"needle")
                # Shorter than the console's patience, after which it tries what was typed by itself.
                terminal.drain(0.08)
                begin = time.perf_counter()
                terminal.press(b"\r")
                drawn = terminal.until_all((last_needle(lines).encode(), expected + rb" lines"), since=begin)
                first.append(drawn[0])
                complete.append(drawn[1])
                terminal.drain(0.5)
                terminal.press(b"/")
                terminal.drain(0.5)
                terminal.press(b"\x15\r")
                terminal.drain(1.0)
    report(f"console  {'needle':<36} {expected.decode():>7} lines              ", first, complete)


def open_console(folder: Path, order: Mapping[str, object], *, tmux: bool = False) -> Terminal:
    """The measured console in a terminal of 200×50; its notes go to ``notes`` in the folder."""
    child = Path(__file__).with_name("_measured_console.py")
    command = [sys.executable, str(child), json.dumps(order), str(folder / "notes")]
    return Terminal(command, folder, tmux=tmux, environment={**os.environ, "TUI_LIVE_HOME": str(folder)})


def notes_of(folder: Path) -> list[dict[str, Any]]:
    """What the measured console has noted so far."""
    path = folder / "notes"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]


def wait_for_note(terminal: Terminal, folder: Path, key: str, within: float = 120.0) -> None:
    """Read the terminal until the console has noted ``key``."""
    end = time.monotonic() + within
    while not any(key in note for note in notes_of(folder)):
        terminal.drain(0.2)
        if time.monotonic() > end:
            raise RuntimeError(f"the console never came to note {key}")


def report(what: str, first: list[float], complete: list[float]) -> None:
    """One line: medians and worst, against the goals; ``first`` is empty where so few lines match."""
    seen = "found last"
    if first:
        seen = f"{statistics.median(first) * 1e3:5.1f} ms (worst {max(first) * 1e3:5.1f}, at most {_FIRST_MS:.0f})"
    good = max(first, default=0) * 1e3 <= _FIRST_MS and max(complete) * 1e3 <= _COMPLETE_MS
    print(
        f"{what}  first screenful {seen:<36}  complete {statistics.median(complete) * 1e3:5.1f} ms "
        f"(worst {max(complete) * 1e3:5.1f}, at most {_COMPLETE_MS:.0f})  {verdict(good)}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    report_machine()
    model(arguments.lines, arguments.rounds)
    console(arguments.lines, arguments.rounds)
