"""The newest events of any sessions and types, page by page, as a naive query would give them."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.store.conftest import KING, NOW_MS, batch, chat, gift, join, share
from tests.store.test_recorder import record, rows
from tui_live.store import queries, sessions
from tui_live.store.queries import newest


@pytest.fixture
async def keys(recorder, monkeypatch) -> list[str]:
    """Seven sessions whose events mix, and queries that look into one, then into four."""
    monkeypatch.setattr(queries, "_SESSIONS", 1)
    made = [await sessions.begin(recorder, f"s{number}", "7", NOW_MS, {}) for number in range(7)]
    for number in range(60):
        session = made[(number * number + number // 9) % 7]
        some = (chat(f"hi {number}"), share(KING), *((gift(5),) if number % 11 == 0 else ()), join())
        await record(recorder, batch(*some), session=session)
    return [session.id for session in made]


@pytest.mark.parametrize("chosen", [None, (), (2,), (0, 3, 5)])
@pytest.mark.parametrize("types", [None, ["gift"], ["chat", "gift"], ["poll"]])
async def test_pages_hold_what_a_naive_query_finds(keys, reader, chosen, types) -> None:
    wanted = None if chosen is None else [keys[at] for at in chosen]
    found: list[int] = []
    before = None
    for _ in itertools.count():
        page = await newest(reader, wanted, types, 17, before)
        if not page:
            break
        assert len(page) <= 17
        found += [event.id for event in page]
        before = page[-1].id
    everything = await rows(reader, "SELECT id, session_id, event_type FROM events ORDER BY id DESC")
    assert found == [
        event_id
        for event_id, key, kind in everything
        if (wanted is None or key in wanted) and (types is None or kind in types)
    ]


async def test_an_event_brings_its_data_and_its_user(keys, reader) -> None:
    [event] = await newest(reader, None, ["social"], 1)
    assert (event.username, event.nickname, event.subtype) == ("king", KING.nickname, "share")
    [(data,)] = await rows(reader, "SELECT processed_data FROM events WHERE id = ?", event.id)
    assert event.data == json.loads(data)
