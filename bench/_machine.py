"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3


def report_machine() -> None:
    """Print the machine in one line: figures mean nothing without it, nor without what else it was doing."""
    cores = os.cpu_count()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {cores} cores, {platform.machine()}, "
        f"load {load}"
    )


def part(values: list[float], share: float) -> float:
    """The value below which this share (0 … 1) of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def verdict(good: bool) -> str:
    """Whether a goal is met, for the end of a line."""
    return "ok" if good else "MISSED"
