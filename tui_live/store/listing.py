"""``tui-live sessions``: the list of past sessions on a terminal, or as JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tui_live.store import sessions
from tui_live.store.database import open_reader
from tui_live.store.rows import iso
from tui_live.store.sessions import Session


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
    }


async def read_sessions(path: Path) -> list[Session]:
    """All sessions of a database, the newest first. Raises ``StoreError``."""
    database = await open_reader(path)
    try:
        return await sessions.listed(database)
    finally:
        await database.close()


def render(found: list[Session], as_json: bool) -> str:
    """The list as text: JSON, or a table with local times."""
    if as_json:
        return json.dumps({"sessions": [session_facts(session) for session in found], "next": None}, indent=2)
    if not found:
        return "No sessions yet."
    rows: list[tuple[str, ...]] = [("KEY", "STREAMER", "START", "END", "STATUS", "USERS", "EVENTS", "COINS", "GAPS")]
    rows += [_row(session) for session in found]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(session: Session) -> tuple[str, ...]:
    totals = session.totals
    gaps = f"{totals.gaps} ({totals.gap_ms / 1000:.0f} s)" if totals.gaps else "-"
    return (
        *(session.id, session.streamer, _local(session.start_ms), _local(session.end_ms), session.status),
        *(f"{session.users:,}" if session.users else "-", f"{totals.events:,}", f"{totals.coins:,}", gaps),
    )


def _local(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms else "-"


def list_sessions(path: Path, as_json: bool) -> str:
    """What ``tui-live sessions`` prints."""
    return render(asyncio.run(read_sessions(path)), as_json)
