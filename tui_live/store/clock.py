"""Whether the computer's clock may be believed, when what is old is to be removed for good.

A clock that is years ahead makes everything old. It is told by the leap between the last recording, or the last look
at trends, and what it says now. A long pause looks the same, so a leap is believed once the clock has gone on from
there for some days.
"""

from __future__ import annotations

import contextlib
import time

import aiosqlite

from tui_live.store.rows import iso, milliseconds

_DAY_MS = 86_400_000
#: A pause of so long between recordings may be a leap of the clock …
LEAP_MS = 180 * _DAY_MS
#: … and is none when the program has run, or something was recorded, for so long behind it.
_CONFIRMED_MS = 7 * _DAY_MS
_TIMES = """
SELECT session_start FROM sessions UNION SELECT session_end FROM sessions
UNION SELECT strftime('%Y-%m-%dT%H:%M:%fZ', last_received_ms / 1000.0, 'unixepoch') FROM sessions
UNION SELECT started_at FROM trend_runs
"""
_BEGAN = time.monotonic()


async def doubt(database: aiosqlite.Connection, now_ms: int, running_ms: float | None = None) -> str:
    """Why ``now_ms`` (UTC ms) is not to be believed, in a line for the operator; empty when it is.

    ``running_ms`` is how long the program has run: by default, as long as it has. Recordings from after ``now_ms`` say
    nothing: a clock that is behind makes nothing old.
    """
    if running_ms is None:
        running_ms = (time.monotonic() - _BEGAN) * 1000
    if running_ms >= _CONFIRMED_MS:
        return ""
    times: set[int] = set()
    async with database.execute(_TIMES) as cursor:
        for (text,) in await cursor.fetchall():
            with contextlib.suppress(ValueError, TypeError):  # somebody has edited it by hand
                times.add(milliseconds(text))
    later_ms = now_ms
    for time_ms in sorted((each for each in times if 0 < each <= now_ms), reverse=True):
        if later_ms - time_ms > LEAP_MS:
            if now_ms - later_ms >= _CONFIRMED_MS:
                return ""
            return (
                f"nothing was recorded between {iso(time_ms)[:10]} and {iso(later_ms)[:10]}, so the computer's clock"
                f" may be wrong; it is believed {_CONFIRMED_MS // _DAY_MS} days on"
            )
        later_ms = time_ms
    return ""
