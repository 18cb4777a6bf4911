"""When a file came into being, which Python 3.11 does not tell on Linux."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD, _NO_FOLLOW, _BIRTH = -100, 0x100, 0x800
#: ``struct statx``: 256 bytes, the mask first, the time of birth (seconds, nanoseconds) at byte 80.
_SIZE, _BIRTH_AT = 256, 80
_SECOND = 1_000_000_000
_LINUX, _WINDOWS = sys.platform.startswith("linux"), os.name == "nt"


def born_ns(path: Path) -> int:
    """UTC nanoseconds; 0 where the system or the file system does not know."""
    if _LINUX:
        return _born_on_linux(path)
    try:
        found = path.lstat()
    except OSError:
        return 0
    seconds: float = getattr(found, "st_birthtime", 0.0) or (found.st_ctime if _WINDOWS else 0.0)
    return int(seconds * _SECOND)


@cache
def _statx() -> Any:
    try:
        return ctypes.CDLL(None, use_errno=True).statx
    except (AttributeError, OSError):
        return None


def _born_on_linux(path: Path) -> int:
    statx = _statx()
    room = ctypes.create_string_buffer(_SIZE)
    if statx is None or statx(_AT_FDCWD, os.fsencode(path), _NO_FOLLOW, _BIRTH, room):
        return 0
    (mask,) = struct.unpack_from("=I", room)
    seconds, nanoseconds = struct.unpack_from("=qI", room, _BIRTH_AT)
    return seconds * _SECOND + nanoseconds if mask & _BIRTH else 0
