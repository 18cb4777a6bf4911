"""CPU per message with the console open at 200×50 against the same without a console, everything recorded.

The messages are sent as fast as the program takes them. ``python -m bench.console_cost [--messages N] [--rounds N]``
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine, verdict
from bench._stand import hosts, stand
from bench.filter import notes_of, open_console

_GOAL = 1.5
_HEADLESS = """
import asyncio, sys
from pathlib import Path
from bench.pipeline import record
print(*asyncio.run(record(sys.argv[1], Path(sys.argv[2]))))
"""


def headless(messages: int, folder: Path) -> float:
    """CPU seconds per message without a console, in a process of its own."""
    with stand(["flood"], messages=messages) as url:
        command = [sys.executable, "-c", _HEADLESS, url, str(folder / "headless.db")]
        root = Path(__file__).resolve().parents[1]
        said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    count, spent = said.split()
    return float(spent) / int(count)


def with_console(messages: int, folder: Path, *, tmux: bool) -> tuple[float, float]:
    """CPU seconds per message with the console open, and how many messages a second it took."""
    path = folder / "console.db"
    with stand(["flood"], messages=messages) as url:
        order = {"flood": "flood", "settings": {**hosts(url), "database.path": str(path)}}
        with open_console(folder, order, tmux=tmux) as terminal:
            terminal.wait(300)
    note = next(note for note in notes_of(folder) if "spent" in note)
    with contextlib.closing(sqlite3.connect(path)) as database:
        count = database.execute("SELECT count(*) FROM events").fetchone()[0]
    return note["spent"] / count, count / note["seconds"]


def run(messages: int, rounds: int, *, tmux: bool) -> None:
    """Print each round and the medians."""
    bare: list[float] = []
    shown: list[float] = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="tui-live-bench-") as name:
            bare.append(headless(messages, Path(name)) * 1e6)
            spent, speed = with_console(messages, Path(name), tmux=tmux)
            shown.append(spent * 1e6)
        print(
            f"round {number + 1}  headless {bare[-1]:5.1f} µs a message  with the console {shown[-1]:5.1f} µs "
            f"({speed:,.0f} messages/s)  {shown[-1] / bare[-1]:.2f} ×",
            flush=True,
        )
    ratio = statistics.median(shown) / statistics.median(bare)
    print(
        f"median {statistics.median(bare):.1f} µs headless, {statistics.median(shown):.1f} µs with the console: "
        f"{ratio:.2f} × (at most {_GOAL})  {verdict(ratio <= _GOAL)}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-tmux", action="store_true", help="draw to a bare pty")
    arguments = parser.parse_args()
    report_machine()
    run(arguments.messages, arguments.rounds, tmux=not arguments.no_tmux and shutil.which("tmux") is not None)
