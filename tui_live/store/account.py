"""Everything behind one person's score in a session, read from the database."""

from __future__ import annotations

from collections.abc import Iterable

import aiosqlite

from tui_live.core.account import Account, Accountant
from tui_live.core.board import Action
from tui_live.core.scoring import Rules
from tui_live.store.boards import load_actions_in_place, places, read_badges
from tui_live.store.recall import recall


async def account(
    database: aiosqlite.Connection,
    session_id: str,
    user_id: str,
    rules: Rules,
    *,
    actions: Iterable[tuple[int, Action]] | None = None,
    until: int | None = None,
) -> Account:
    """A person's account; empty for who did nothing in the session. What is not written yet is not in it.

    A replay has ``actions`` of its own, each with the event id it came after, and got as far as the event ``until``.
    """
    done = await load_actions_in_place(database, session_id) if actions is None else actions
    accountant = Accountant(user_id, rules, done)
    async for some in recall(database, session_id, user_id=user_id):
        for event_id, event in some:
            if until is None or event_id <= until:
                accountant.add(event_id, event)
    made = accountant.account()
    made.places = await places(database, session_id, user_id)
    query = "SELECT username, display_name, first_seen FROM user_names WHERE user_id = ? ORDER BY number"
    async with database.execute(query, (user_id,)) as cursor:
        made.names = [(row[0], row[1], row[2]) for row in await cursor.fetchall()]
    async with database.execute("SELECT * FROM users WHERE user_id = ?", (user_id,)) as cursor:
        row = await cursor.fetchone()
        if row is not None:
            made.person = dict(zip((column[0] for column in cursor.description), row, strict=True))
            made.person["badges"] = list(read_badges(made.person["badges"]))
    return made
