"""Sessions page by page, with the columns that SPEC §11 names, for whoever asks over the network."""

from __future__ import annotations

import re
from typing import Any

import aiosqlite
import msgspec

from tui_live.core.times import iso, milliseconds
from tui_live.store.rows import TYPE_COLUMNS
from tui_live.store.sessions import KEPT

_COLUMNS = (
    *("id", "streamer_username", "room_id", "session_start", "session_end", "status"),
    *("total_events", "total_users", "total_gifts", "total_likes", *TYPE_COLUMNS.values(), "total_other"),
    *("total_coins", "room_likes", "peak_viewers", "duplicates", "undecodable"),
)
_SELECT = f"SELECT {', '.join(_COLUMNS)}, streamer_info, total_gaps, gap_ms, number FROM sessions WHERE {KEPT}"  # noqa: S608
#: Where a page ended: the last session's start (UTC ms) and its number.
_CURSOR = re.compile("([0-9]{1,13})-([0-9]{1,15})")


async def sessions_page(
    database: aiosqlite.Connection, streamer: str, limit: int, after: str
) -> tuple[list[dict[str, Any]], str | None]:
    """Sessions (of one streamer), the newest first, and where to go on (``None``: there are no more).

    ``after`` is where the last page ended, or empty: sessions that begin meanwhile move nothing.
    """
    condition = ""
    parameters: list[Any] = [streamer, streamer]
    found = _CURSOR.fullmatch(after)
    if found:
        condition = " AND (session_start, number) < (?, ?)"
        parameters += [iso(int(found[1])), int(found[2])]
    sql = f"{_SELECT} AND (? = '' OR streamer_username = ?){condition} ORDER BY session_start DESC, number DESC LIMIT ?"
    rows = list(await database.execute_fetchall(sql, (*parameters, limit + 1)))
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = f"{milliseconds(last[_COLUMNS.index('session_start')])}-{last[-1]}"
    return [_facts(row) for row in rows[:limit]], following


async def session_columns(database: aiosqlite.Connection, key: str) -> dict[str, Any]:
    """One session, as in the list; empty when there is none."""
    rows = list(await database.execute_fetchall(f"{_SELECT} AND id = ?", (key,)))
    return _facts(rows[0]) if rows else {}


def _facts(row: Any) -> dict[str, Any]:
    facts = dict(zip(_COLUMNS, row, strict=False))
    info, gaps, gap_ms, _ = row[len(_COLUMNS) :]
    told = msgspec.json.decode(info)
    if isinstance(told.get("host_id"), int):
        told["host_id"] = str(told["host_id"])
    likes, room_likes = facts["total_likes"], facts["room_likes"]
    return facts | {
        "like_coverage": round(min(1.0, likes / room_likes), 4) if room_likes else None,
        "gaps": gaps,
        "gap_seconds": gap_ms / 1000,
        "streamer_info": told,
    }
