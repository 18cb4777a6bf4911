"""Browsers that do not end by themselves are killed (Linux; elsewhere Playwright's driver does it after 30 s).

Playwright's driver is a child of ours and the browser a child of the driver's, in a process group of its own. When we
are killed, the driver sees its input end, ends the browser, kills it after 30 s if it must, and removes its profile.
When the driver is killed, the browser sees its pipe end, unless it is frozen, and its profile stays.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

_DRIVER = b"run-driver"
#: A killed process needs a moment until it is gone.
_GONE_SECONDS = 3.0


class Drivers:
    """The drivers that are started from now on, with all that they have started."""

    def __init__(self) -> None:
        self._before = _drivers()

    def kill(self, folder: Path | None = None) -> int:
        """Kill them and return when they are gone, how many there were. Blocks for a moment; call it in a thread.

        Browsers in ``folder`` are killed, too: of a driver that is dead they are no children any more.
        """
        killed = 0
        for driver in _drivers() - self._before:
            killed += _kill([*_descendants(driver), driver])
        return killed + (_kill(_users(folder)) if folder is not None else 0)


def _kill(pids: list[int]) -> int:
    gone = select.poll()
    files = []
    for pid in pids:
        with contextlib.suppress(OSError):
            files.append(os.pidfd_open(pid))
            gone.register(files[-1], select.POLLIN)
            signal.pidfd_send_signal(files[-1], signal.SIGKILL)
    by = time.monotonic() + _GONE_SECONDS
    left = set(files)
    while left and (seconds := by - time.monotonic()) > 0:
        for file, _ in gone.poll(seconds * 1000):
            gone.unregister(file)
            left.discard(file)
    for file in files:
        os.close(file)
    return len(files)


def _drivers() -> set[int]:
    found = set()
    for pid in _children(os.getpid()):
        with contextlib.suppress(OSError):
            if _DRIVER in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                found.add(pid)
    return found


def _users(folder: Path) -> list[int]:
    """The processes with this folder in their arguments, and all of their groups, which the driver makes."""
    groups, using = {}, set()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            groups[int(place.name)] = os.getpgid(int(place.name))
            if os.fsencode(folder) in (place / "cmdline").read_bytes():
                using.add(groups[int(place.name)])
    using.discard(os.getpgrp())
    return [pid for pid, group in groups.items() if group in using]


def _descendants(pid: int) -> list[int]:
    """All processes below ``pid``, parents first, so that none of them can start another."""
    found = []
    for child in _children(pid):
        found += [child, *_descendants(child)]
    return found


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(int(child) for child in children.read_text().split())
    return found
