"""Benches on a long recording: made first, or taken from a file that is kept from run to run."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bench._machine import report_machine


def on_recording(
    said: str | None, fill: Callable[[Path, int], Coroutine[Any, Any, None]], measure: Callable[[Path, Path], bool]
) -> int:
    """Read ``--events`` and ``--keep FILE``, let ``fill`` record so many events, and ``measure`` the database.

    ``measure`` also gets a folder for what it makes, and tells whether all goals are met; returns the exit code.
    """
    parser = argparse.ArgumentParser(description=said)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="use this database, made first when it is missing")
    arguments = parser.parse_args()
    report_machine()
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.keep or Path(folder) / "long.db"
        if not file.exists():
            began = time.perf_counter()
            asyncio.run(fill(file, arguments.events))
            size, spent = file.stat().st_size / 1e6, time.perf_counter() - began
            print(f"{arguments.events:,} events recorded in {spent:.0f} s, {size:,.0f} MB")
        return int(not measure(file, Path(folder)))
