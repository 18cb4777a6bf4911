"""The time zone that the operator's clock is in."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LINK = Path("/etc/localtime")
_NAME = Path("/etc/timezone")
_UTC = ("UTC", "Etc/UTC", "Universal", "Zulu")


def local_zone() -> tzinfo:
    """The zone by its name in the tz database, so that past times are right in summer and in winter.

    Looked for in ``TZ``, where it may be the path of a zone's file, in ``/etc/localtime`` and ``/etc/timezone``. Where
    none of them names one (Windows), it is the present offset from UTC.
    """
    for name in _names():
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        # What names the zone may be out of date: the clock is what counts.
        if datetime.now(zone).utcoffset() == _present():
            return UTC if name in _UTC else zone
    offset = _present()
    return timezone(offset) if offset else UTC


def _names() -> list[str]:
    named = os.environ.get("TZ", "").removeprefix(":")
    found = [_of_file(named) if Path(named).is_absolute() else named, _of_file(_LINK)]
    with contextlib.suppress(OSError, ValueError):
        found.append(_NAME.read_text("ascii").strip())
    return [name for name in found if name]


def _of_file(path: str | Path) -> str:
    """What a file of the tz database, or a link to it, is named after; nothing where it is a copy."""
    return os.path.realpath(path).partition("zoneinfo/")[2]


def _present() -> timedelta:
    return timedelta(seconds=time.localtime().tm_gmtoff or 0)
