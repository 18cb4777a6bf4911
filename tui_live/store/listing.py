"""``tui-live sessions``: the list of past sessions on a terminal, or as JSON."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosqlite

from tui_live.core.lacking import coverage, lacking
from tui_live.core.times import span
from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.rows import iso
from tui_live.store.sessions import Session

Gaps = Mapping[str, list[dict[str, Any]]]
_ALL = 1 << 31


def session_facts(session: Session) -> dict[str, Any]:
    """A session as JSON: times ISO 8601 UTC (``session_end`` null while active), counts as numbers."""
    totals = session.totals
    return {
        "id": session.id,
        "streamer_username": session.streamer,
        "room_id": session.room_id,
        "session_start": iso(session.start_ms),
        "session_end": iso(session.end_ms) if session.end_ms else None,
        "status": session.status,
        "total_users": session.users,
        "total_events": totals.events,
        "messages": totals.messages,
        "total_gifts": totals.gifts,
        "total_coins": totals.coins,
        "total_likes": totals.likes,
        "room_likes": totals.room_likes,
        "peak_viewers": totals.peak_viewers,
        "gaps": totals.gaps,
        "gap_seconds": totals.gap_ms / 1000,
        "duplicates": totals.duplicates,
        "undecodable": totals.undecodable,
        "like_coverage": _like_coverage(session),
    }


def _like_coverage(session: Session) -> float | None:
    totals = session.totals
    return round(min(1.0, totals.likes / totals.room_likes), 4) if totals.room_likes else None


def shortcomings(session: Session) -> str:
    """How far a session's events can be trusted, in a line; empty when nothing is known to be missing or repeated."""
    totals = session.totals
    parts = lacking(totals)
    if totals.likes >= totals.room_likes:
        parts.pop("likes", None)
    return ", ".join(part.long for part in parts.values())


async def read_gaps(database: aiosqlite.Connection, session_id: str | None = None) -> Gaps:
    """The gaps of one session, or of all, by its key: when, how many seconds, and why."""
    query = (
        "SELECT session_id, gap_start, gap_end, duration_ms, reason FROM gaps WHERE ?1 IS NULL OR session_id = ?1"
        " ORDER BY gap_start"
    )
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    async with database.execute(query, (session_id,)) as cursor:
        for key, start, end, duration_ms, reason in await cursor.fetchall():
            found[key].append({"start": start, "end": end, "seconds": duration_ms / 1000, "reason": reason})
    return found


async def read_sessions(path: Path) -> tuple[list[Session], Gaps]:
    """All sessions of a database, the newest first, and their gaps. Raises ``StoreError``."""
    database = await open_reader(path)
    try:
        return await sessions.listed(database, limit=_ALL), await read_gaps(database)
    finally:
        await database.close()


def render(found: list[Session], as_json: bool, gaps: Gaps | None = None, width: int = _ALL) -> str:
    """The list as text: JSON, or a table with local times, with as many columns as go into ``width``."""
    if as_json:
        facts = [
            session_facts(each) | {"resumes_when_live": each.goes_on, "gap_list": (gaps or {}).get(each.id, [])}
            for each in found
        ]
        return json.dumps({"sessions": facts, "next": None}, indent=2)
    if not found:
        return "No sessions yet."
    rows: list[tuple[str, ...]] = [(*_COLUMNS, *_MORE_COLUMNS)]
    rows += [_row(session) for session in found]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    fitting = len(rows[0])
    while fitting > len(_COLUMNS) and sum(widths[:fitting]) + 2 * (fitting - 1) > width:
        fitting -= 1
    return "\n".join(
        "  ".join(cell.ljust(wide) for cell, wide in zip(row[:fitting], widths, strict=False)).rstrip() for row in rows
    )


_COLUMNS = ("KEY", "STREAMER", "START", "END", "STATUS", "USERS", "EVENTS", "COINS", "GAPS")
#: What a narrow terminal has no room for; the last goes first.
_MORE_COLUMNS = ("UNDECODABLE", "LIKES COVERED", "DUPLICATES")


def _row(session: Session) -> tuple[str, ...]:
    totals = session.totals
    gaps = f"{totals.gaps:,} ({span(totals.gap_ms / 1000)})" if totals.gaps else "-"
    return (
        *(session.id, session.streamer, _local(session.start_ms), _local(session.end_ms)),
        session.status + (", resumes when live" if session.goes_on else ""),
        *(f"{session.users:,}" if session.users else "-", f"{totals.events:,}", f"{totals.coins:,}", gaps),
        f"{totals.undecodable:,}" if totals.undecodable else "-",
        coverage(totals.likes, totals.room_likes) if totals.room_likes else "-",
        f"{totals.duplicates:,}" if totals.duplicates else "-",
    )


def _local(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms else "-"


def list_sessions(path: Path, as_json: bool) -> str:
    """What ``tui-live sessions`` prints."""
    found, gaps = asyncio.run(read_sessions(path))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _ALL
    return render(found, as_json, gaps, width)
