"""Which processes of a browser are there."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def browsers_at(port: int) -> list[int]:
    """Process ids of the Chromium that was led to a stand-in's port, with everything in its process group."""
    mark = f"MAP www.tiktok.com 127.0.0.1:{port},"
    groups, mains = _groups(), []
    for pid in groups:
        with contextlib.suppress(OSError):
            if mark in Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace"):
                mains.append(pid)
    found = {groups[pid] for pid in mains}
    return sorted(pid for pid, group in groups.items() if group in found)


def drivers() -> list[int]:
    """Process ids of Playwright's drivers that this program has started."""
    found = []
    for children in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for pid in children.read_text().split():
            with contextlib.suppress(OSError):
                if "run-driver" in Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace"):
                    found.append(int(pid))
    return found


def main_process(port: int) -> int:
    """The browser's first process: the one that leads its group."""
    return next(pid for pid in browsers_at(port) if os.getpgid(pid) == pid)


def send(port: int, number: signal.Signals) -> None:
    """A signal to every process of the browser."""
    for pid in browsers_at(port):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _groups() -> dict[int, int]:
    """The process group of every process that is not merely waiting to be buried."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            state, _, group = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            if state != "Z":
                found[int(stat.parent.name)] = int(group)
    return found
