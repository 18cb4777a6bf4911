"""Who did something in the events of an export: told once for each, as the events do not repeat what they are."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import aiosqlite
import msgspec

from tui_live.store.anonymous import Anonymous
from tui_live.store.formats import Facts
from tui_live.store.people_facts import person_facts

_SLICE = 1_000
_SELECT = """
SELECT * FROM users WHERE user_id IN (
    SELECT user_id FROM user_names WHERE number IN (SELECT value FROM json_each(?)))
"""
#: What would lead from a pseudonym to the person: words, pictures, and numbers that hardly anybody else has.
_TELLING = ("avatar_url", "bio", "follower_count", "following_count")


async def exported_people(
    database: aiosqlite.Connection, names: set[int], anonymous: Anonymous | None = None
) -> AsyncGenerator[list[Facts], None]:
    """The people who have these numbers in ``user_names``, as TikTok said of them last, in slices.

    ``anonymous`` gives them their pseudonyms, and leaves out what would tell who they are.
    """
    told: set[str] = set()
    numbers = sorted(names)
    for start in range(0, len(numbers), _SLICE):
        some = numbers[start : start + _SLICE]
        async with database.execute(_SELECT, (msgspec.json.encode(some).decode(),)) as cursor:
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in await cursor.fetchall()]
        # Whoever was renamed has several numbers.
        people = [_facts(row, anonymous) for row in rows if row["user_id"] not in told]
        told.update(row["user_id"] for row in rows)
        if people:
            # By id, which tells when an account was made; by pseudonym, which tells nothing.
            yield sorted(people, key=lambda person: str(person["user_id"]))


def _facts(row: Facts, anonymous: Anonymous | None) -> Facts:
    names = {"user_id": row["user_id"], "username": row["username"], "nickname": row["display_name"]}
    facts = {**names, "avatar_url": row["avatar_url"] or None, **person_facts(row)}
    if anonymous is not None:
        facts |= dict.fromkeys(names, anonymous.of(row["user_id"])) | dict.fromkeys(_TELLING)
    return facts
