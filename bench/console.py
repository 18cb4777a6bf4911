"""The console in tmux at 200×50 while messages pour in: lag of its event loop, key to repaint, CPU, memory.

The console runs as ``tui-live`` opens it, on a real database, against a stand-in in another process. A heartbeat of
10 ms inside it tells the lag; keys are typed into, and their effect awaited at, the terminal in which tmux draws.
``python -m bench.console [--rates 2000 5000] [--seconds N] [--no-tmux]``
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import part, report_machine, verdict
from bench._stand import hosts, stand
from bench._terminal import Terminal, Unseen
from bench.filter import notes_of, open_console

_STREAMS = ("ana", "ben", "cleo", "dani")
#: The log that fills quickly: memory must stay as it is from then on.
_LOG_LINES = 20_000
#: Messages a second: lag p99 and key to repaint p95, in ms, at most.
_GOALS = {2000: (25.0, 50.0), 5000: (50.0, 100.0)}
#: Seconds after which a key counts as having had no effect.
_PATIENCE = 5.0
_STYLE = rb"(?:\x1b(?:\[[0-9;]*[mHK]|\(B))*"
#: Keys in turn, what shows their effect, and what must not be timed because a lone Escape waits for more.
_KEYS: tuple[tuple[str, bytes, bytes], ...] = (
    ("to the log", b"1", "━".encode() + _STYLE + rb"\[" + _STYLE + b"Log"),
    ("pause", b"p", b"paused"),
    ("go on", b"p", b"follow "),
    ("prompt", b"/", b"user:ana"),
    ("", b"\x1b", b""),
    ("to the streams", b"0", "━".encode() + _STYLE + b" Streams "),
)


def run(rate: int, seconds: float, *, tmux: bool) -> bool:
    """Measure at one rate; print the figures and tell whether the goals are met."""
    with tempfile.TemporaryDirectory(prefix="tui-live-bench-") as name, stand(
        _STREAMS, rate=rate / len(_STREAMS), messages=None
    ) as url:  # fmt: skip
        folder = Path(name)
        settings = {
            **hosts(url),
            "streams": list(_STREAMS),
            "database.path": str(folder / "bench.db"),
            "ui.log_lines": _LOG_LINES,
        }
        with open_console(folder, {"settings": settings}, tmux=tmux) as terminal:
            _wait_until_full(terminal, folder)
            written = terminal.written
            begin = time.monotonic()
            keys = _type(terminal, seconds)
            end = time.monotonic()
            written = terminal.written - written
            os.kill(int(notes_of(folder)[-1]["pid"]), signal.SIGTERM)
            terminal.wait()
        notes = notes_of(folder)
    return _report(rate, notes, keys, begin, end, written)


def _wait_until_full(terminal: Terminal, folder: Path) -> None:
    """Until the log is full, and three seconds more for whatever grows along with it."""
    end = time.monotonic() + 120
    while not any(note.get("lines", 0) >= _LOG_LINES for note in notes_of(folder)[-1:]):
        terminal.drain(0.3)
        if time.monotonic() > end:
            raise RuntimeError(f"the log never filled: {notes_of(folder)[-1:]}")
    terminal.drain(3)


def _type(terminal: Terminal, seconds: float) -> dict[str, list[float]]:
    """Press keys at odd moments for so long; returns the seconds to repaint of each kind."""
    took: dict[str, list[float]] = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            _one_round(terminal, took)
        except Unseen as error:
            # A key without effect counts as one that took as long as was waited; then from where a round begins.
            print(f"  {error}"[:200])
            took.setdefault("never seen", []).append(_PATIENCE)
            for key in (b"\x1b", b"1", b"f", b"0"):
                terminal.press(key)
                terminal.drain(0.7)
    return took


def _one_round(terminal: Terminal, took: dict[str, list[float]]) -> None:
    for name, key, pattern in _KEYS:
        spent = terminal.press(key, pattern, within=_PATIENCE)
        if name:
            took.setdefault(name, []).append(spent)
        # A pause is ended soon, so that the log stands still for a small part of the time only; a lone Escape is
        # waited out, for it takes effect after a tenth of a second only.
        pause = 0.5 if not name else random.uniform(0.03, 0.08) if name == "pause" else random.uniform(0.15, 0.35)
        terminal.drain(pause)


def _report(
    rate: int, notes: list[dict[str, Any]], keys: dict[str, list[float]], begin: float, end: float, written: int
) -> bool:
    """Print the figures of one run; tell whether the goals are met."""
    beats = next(note["beats"] for note in notes if "beats" in note)
    lags = [lag * 1e3 for at, lag in beats if begin <= at <= end]
    span = [note for note in notes if "lines" in note and begin <= note["at"] <= end]
    first, last = span[0], span[-1]
    seconds = last["at"] - first["at"]
    taken, cpu = ((last[what] - first[what]) / seconds for what in ("lines", "cpu"))
    lag_goal, key_goal = _GOALS.get(rate, (50.0, 100.0))
    lag = part(lags, 0.99)
    print(f"{rate:,} messages/s for {end - begin:.0f} s: {taken:,.0f} taken a second, dropped {last['dropped']}")
    print(f"  lag     {_spread(lags, 0.99)}  (p99 at most {lag_goal:.0f})  {verdict(lag <= lag_goal)}")
    every = [took * 1e3 for times in keys.values() for took in times]
    for name, times in keys.items():
        print(f"  key     {_spread([took * 1e3 for took in times], 0.95)}  {name}, {len(times)} presses")
    key = part(every, 0.95)
    print(f"  key     {_spread(every, 0.95)}  all  (p95 at most {key_goal:.0f})  {verdict(key <= key_goal)}")
    print(f"  CPU     {cpu:.0%} of a core, {cpu / taken * 1e6:.0f} µs a message")
    print(f"  memory  {_megabytes(span)} MB, from when the log was full, in {seconds:.0f} s")
    backlog = max(note["backlog"] for note in span)
    print(f"  drawn   {written / (end - begin) / 1e3:,.0f} kB/s, largest backlog {backlog:,}")
    print(f"  load    {' '.join(f'{value:.1f}' for value in os.getloadavg())}", flush=True)
    return lag <= lag_goal and key <= key_goal and not last["dropped"]


def _spread(values: list[float], high: float) -> str:
    return f"p50 {part(values, 0.5):5.1f}  p{high * 100:.0f} {part(values, high):5.1f}  max {max(values):5.1f} ms"


def _megabytes(span: list[dict[str, Any]]) -> str:
    """Memory at six moments, evenly spread."""
    return " ".join(f"{span[round(at * (len(span) - 1) / 5)]['rss'] / 1e6:.1f}" for at in range(6))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=[2000, 5000])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--no-tmux", action="store_true", help="draw to a bare pty")
    arguments = parser.parse_args()
    report_machine()
    in_tmux = not arguments.no_tmux and shutil.which("tmux") is not None
    print("in tmux, 200×50" if in_tmux else "in a bare pty, 200×50")
    met = [run(rate, arguments.seconds, tmux=in_tmux) for rate in arguments.rates]
    print("all goals met" if all(met) else "goals missed, see above")
