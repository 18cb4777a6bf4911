"""What the database has of an event, for people: who did it and in which session, in words and local times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_live.core.times import milliseconds
from tui_live.ui.format import full, moment
from tui_live.ui.person_words import person_words

_SESSION = (("streamer", "streamer_username"), ("key", "id"), ("room", "room_id"), ("status", "status"))


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """All facts about an event as they are shown; what is not known of the person is left out."""
    said = dict(facts)
    event = facts.get("event")
    if isinstance(event, Mapping) and isinstance(event.get("coins"), int):
        said["event"] = {**event, "coins": full(event["coins"])}
    for name, words in (("user", _person), ("session", _session)):
        if isinstance(row := facts.get(name), Mapping):
            said[name] = words(row)
    return said


def _person(row: Mapping[str, Any]) -> dict[str, str]:
    handle = f"@{row['username']}" if row.get("username") else ""
    names = "   ".join(part for part in (row.get("display_name"), handle) if part)
    told = {
        "name": names,
        "id": row.get("user_id"),
        "TikTok says": person_words(row),
        "bio": row.get("bio"),
        "picture": row.get("avatar_url"),
        "first seen": _when(row.get("first_seen")),
        "last changed": _when(row.get("changed_at")),
    }
    return {name: str(value) for name, value in told.items() if value}


def _session(row: Mapping[str, Any]) -> dict[str, str]:
    told = {name: row.get(column) for name, column in _SESSION}
    told |= {"from": _when(row.get("session_start")), "until": _when(row.get("session_end"))}
    return {name: str(value) for name, value in told.items() if value}


def _when(text: str | None) -> str:
    """A time of the database, ISO 8601 in UTC, in local time; as it stands where it is none."""
    try:
        return moment(milliseconds(text)) if text else ""
    except (ValueError, OverflowError):
        return str(text)
