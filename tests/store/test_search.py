"""Search finds what was said, exactly, the newest first, whatever the script (SPEC §11)."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.conftest import KING, NOW_MS, batch, chat
from tests.store.test_recorder import record
from tui_live.core.words import Query
from tui_live.errors import StoreError
from tui_live.store import search as module
from tui_live.store import sessions
from tui_live.store.search import SearchError, search, search_all


@pytest.fixture(params=[4_000, 0], ids=["newest rows", "index"])
def way(request, monkeypatch) -> None:
    """Both ways to find something must find the same."""
    monkeypatch.setattr(module, "_NEWEST", request.param)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clip", ["clip that again", "please CLIP that"]),
        ("that clip", ["clip that again", "please CLIP that"]),
        ("cli pleas", ["please CLIP that"]),
        ('"clip that"', ["clip that again", "please CLIP that"]),
        ('"that clip"', []),
        ("天気", ["今日はいい天気"]),
        ("いい天", ["今日はいい天気"]),
        ("今日天気", []),
        ("nandu", ["El Ñandú"]),
        ("lip", []),
        ("100%", ["100% yes"]),
        ("🔥", ["おつ🔥かれ", "🥰hello 🔥"]),
        ("🔥 おつ", ["おつ🔥かれ"]),
        ("hello", ["🥰hello 🔥"]),
        ("🤣", []),
        ("hello 🤣", []),
        ("a\u19b0b", []),
    ],
)
async def test_what_is_found(recorder, reader, way, text, found) -> None:
    said = ["El Ñandú", "please CLIP that", "今日はいい天気", "天 気 今日 は", "clip that again", "100% yes"]
    said += ["🥰hello 🔥", "おつ🔥かれ", "おつ"]
    await record(recorder, batch(*(chat(text) for text in said)))
    hits = await search_all(reader, text)
    assert [hit.text for hit in hits] == found


@pytest.mark.parametrize("text", ["", "(", '""', '"', "!!! ---", "\ufe0f", "\u0301"])
async def test_a_search_for_nothing_says_so(recorder, reader, text) -> None:
    with pytest.raises(SearchError, match="no word in this to search for"):
        await search_all(reader, text)


async def test_a_database_that_refuses_is_told_in_a_line(recorder, reader, monkeypatch) -> None:
    await record(recorder, batch(chat("hello")))
    monkeypatch.setattr(module, "_NEWEST", 0)
    async with recorder.writing() as database:
        await database.execute("DROP TABLE search")
    with pytest.raises(StoreError, match="cannot be searched: no such table"):
        await search_all(reader, "hello")


async def test_the_newest_come_first_and_a_page_goes_on_where_the_last_one_ended(recorder, reader, way) -> None:
    await record(recorder, batch(*(chat(f"hello {number}") for number in range(700))))
    first = await search_all(reader, "hello", limit=300)
    assert [hit.text for hit in first] == [f"hello {number}" for number in range(699, 399, -1)]
    rest = [hit async for hits in search(reader, "hello", limit=1000, before_id=first[-1].event_id) for hit in hits]
    assert [hit.text for hit in rest] == [f"hello {number}" for number in range(399, -1, -1)]


async def test_hits_say_where_and_who_and_a_streamer_can_be_chosen(recorder, reader, way) -> None:
    await record(recorder, batch(chat("hello", KING)))
    other = await sessions.begin(recorder, "bob", "8", NOW_MS, {})
    await record(recorder, batch(chat("hello there")), session=other)
    [hit] = await search_all(reader, "hello", streamer="ana")
    assert (hit.streamer, hit.username, hit.nickname, hit.text) == ("ana", "king", "👑 King", "hello")
    assert [hit.session_id for hit in await search_all(reader, "hello", streamer="bob")] == [other.id]


async def test_time_is_bounded_and_a_cancelled_search_leaves_the_connection_usable(recorder, reader) -> None:
    await record(recorder, batch(*(chat("hello") for _ in range(3000))))
    with pytest.raises(TimeoutError):
        assert [hits async for hits in search(reader, "hello", limit=3000, seconds=0.0)] == []

    for steps in range(12):
        task = asyncio.create_task(search_all(reader, "hello"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(await search_all(reader, "hello", limit=5)) == 5


@given(st.text(max_size=30), st.text(max_size=12))
def test_matching_never_raises_and_a_text_contains_its_own_words(text, query) -> None:
    Query(query).matches(text)
    own = Query(text)
    if own.expression:
        assert own.matches(text)
