"""A person leaves the trending videos: their own go, and others' no longer name them."""

from __future__ import annotations

import json

import aiosqlite

from tui_live.core.traces import Traces


async def own_videos(database: aiosqlite.Connection, person: Traces) -> list[int]:
    """The numbers of the videos that the person posted: by their id, or by their handle where none is told."""
    async with database.execute("SELECT id, author_id, author FROM raw_posts") as cursor:
        return [
            number
            for number, author_id, author in await cursor.fetchall()
            if (person.is_id(author_id) if author_id else author.lower() in person.handles)
        ]


async def clean_trends(database: aiosqlite.Connection, person: Traces) -> None:
    """Within a transaction: remove their videos, and take them out of the captions of others.

    Where TikTok's item may name them, it goes as a whole: nobody knows all its fields.
    """
    own = [(number,) for number in await own_videos(database, person)]
    for table, column in (("raw_posts", "id"), ("stories", "raw_post_id"), ("trend_points", "raw_post_id")):
        await database.executemany(f"DELETE FROM {table} WHERE {column} = ?", own)  # noqa: S608 - names of ours
    query = "SELECT id, content, nickname, raw_data FROM raw_posts"
    async with database.execute(query) as cursor:
        rows = list(await cursor.fetchall())
    for number, content, nickname, raw in rows:
        cleaned = (person.clean(content), person.clean(nickname))
        if _may_name(raw, person):
            raw = '{"shortened":true}'  # noqa: PLW2901
        elif cleaned == (content, nickname):
            continue
        change = "UPDATE raw_posts SET content = ?, nickname = ?, raw_data = ? WHERE id = ?"
        await database.execute(change, (*cleaned, raw, number))


def _may_name(raw: str, person: Traces) -> bool:
    plain = json.dumps(json.loads(raw), ensure_ascii=False)  # names are written as themselves, not as \uXXXX
    return person.may_be_in(plain.encode("utf-8", "replace"))
