"""What TikTok said of people last, beyond their names: the table ``users`` as JSON with the names of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import aiosqlite
import msgspec

from tui_live.store.boards import read_badges

Facts = dict[str, Any]

#: What a list of people tells of each, and what is told of one beside it.
_YES_OR_NO = ("verified", "moderator")
FLAGS = (*_YES_OR_NO, "gifter_level", "member_level", "badges")
MORE = ("bio", "follower_count", "following_count", "follow_status", "region")
_SELECT = f"SELECT user_id, {', '.join(FLAGS)} FROM users WHERE user_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of ours


def flags(row: Mapping[str, Any] | None) -> Facts:
    """A row's flags, levels and badges; null where nothing is known of somebody."""
    return _facts(row, FLAGS)


def person_facts(row: Mapping[str, Any] | None) -> Facts:
    """All that a row tells beyond id, names and picture."""
    return _facts(row, (*MORE, *FLAGS))


async def flags_of(database: aiosqlite.Connection, user_ids: Iterable[str]) -> dict[str, Facts]:
    """The flags of each of these people, whether the database knows them or not."""
    ids = list(user_ids)
    async with database.execute(_SELECT, (msgspec.json.encode(ids).decode(),)) as cursor:
        known = {row[0]: dict(zip(FLAGS, row[1:], strict=True)) for row in await cursor.fetchall()}
    return {user_id: flags(known.get(user_id)) for user_id in ids}


def _facts(row: Mapping[str, Any] | None, names: tuple[str, ...]) -> Facts:
    if not row:
        return dict.fromkeys(names)
    facts = {name: row[name] for name in names}
    facts |= {name: bool(row[name]) for name in _YES_OR_NO}
    badges = row["badges"]
    return facts | {"badges": list(read_badges(badges)) if isinstance(badges, str) else badges}
