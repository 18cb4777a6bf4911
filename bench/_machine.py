"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3


def report_machine() -> None:
    """Print the machine in one line: figures mean nothing without it."""
    cores = os.cpu_count()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {cores} cores, {platform.machine()}")
