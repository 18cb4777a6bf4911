"""One event with everything about it, found by what the log knows of it."""

from __future__ import annotations

import threading

import pytest
from TikTokLive import proto

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift
from tests.store.real import Recording
from tests.store.test_recorder import record, rows
from tests.tiktok.messages import entry, frame
from tui_live.core.events import ModerationData, RoomUpdateData
from tui_live.engine.lookup import Lookup
from tui_live.store import sessions
from tui_live.store.queries import event_facts, event_raw, find_event
from tui_live.ui.screens.event import whole
from tui_live.wire.as_json import message_facts


@pytest.fixture
async def lookup(recorder, path):
    opened: list[Lookup] = []

    def open_lookup(session_id: str | None = None) -> Lookup:
        opened.append(Lookup(path, session_id))
        return opened[-1]

    yield open_lookup
    for one in opened:
        await one.close()


@pytest.mark.parametrize("packed", [False, True])
async def test_every_recorded_event_is_found_with_its_own_message(recorder, reader, packed) -> None:
    session = await Recording(recorder).record(1200)
    if packed:
        await sessions.finish(recorder, session, "ended", NOW_MS)
    sql = "SELECT e.id, t.name, e.msg_id, e.time_ms FROM event_rows e JOIN event_types t ON t.number = e.type"
    everything = await rows(reader, f"{sql} ORDER BY e.id")
    assert len(everything) > 1000
    for event_id, kind, msg_id, time_ms in everything[:: len(everything) // 40]:
        assert await find_event(reader, "ana", kind, msg_id, time_ms) == event_id
        facts = await event_facts(reader, event_id)
        assert facts is not None
        assert (facts["event"]["id"], facts["event"]["type"]) == (event_id, kind)
        assert facts["session"]["id"] == session.id
        if facts["event"]["user_id"]:
            assert facts["user"]["user_id"] == facts["event"]["user_id"]
        if msg_id:
            assert str(msg_id) in str(facts["raw"])


async def test_a_large_message_is_read_in_a_thread_and_shown_in_part(recorder, reader, monkeypatch) -> None:
    threads: list[bool] = []

    def read(message, *how):
        threads.append(threading.current_thread() is threading.main_thread())
        return message_facts(message, *how)

    monkeypatch.setattr("tui_live.store.raw.message_facts", read)
    long = entry(proto.WebcastChatMessage(content="c" * 200_000))
    short = entry(proto.WebcastChatMessage(content="c"))
    for sent in (long, short):
        await record(recorder, batch(chat("c"), payload=frame(sent).payload))
    shown = [(await event_facts(reader, number))["raw"] for number in (1, 2)]
    assert threads == [False, True]
    assert [raw["message"]["content"][-10:] for raw in shown] == ["characters", "c"]
    whole = await event_raw(reader, 1)
    assert whole["message"]["content"] == "c" * 200_000


async def test_the_streamer_the_type_and_the_id_must_all_be_right(recorder, reader) -> None:
    said = chat("hello", KING)
    await record(recorder, batch(gift(5), said))
    assert await find_event(reader, "ana", "chat", said.msg_id, NOW_MS) == 2
    assert await find_event(reader, "bob", "chat", said.msg_id, NOW_MS) is None
    assert await find_event(reader, "ana", "gift", said.msg_id, NOW_MS) is None
    assert await find_event(reader, "ana", "chat", said.msg_id + 99_999, NOW_MS) is None


async def test_messages_without_an_id_are_told_apart_by_their_time(recorder, reader) -> None:
    from msgspec import structs

    anonymous = [structs.replace(event(RoomUpdateData(n, n, ()), None, "room_update"), msg_id=0) for n in range(3)]
    made = [structs.replace(one, time_ms=NOW_MS + at) for at, one in enumerate(anonymous)]
    await record(recorder, batch(*made))
    assert [await find_event(reader, "ana", "room_update", 0, NOW_MS + at) for at in range(4)] == [1, 2, 3, None]


async def test_a_repeated_id_is_the_newest_sessions_unless_one_session_is_meant(recorder, reader) -> None:
    said = chat("hello")
    first = await record(recorder, batch(said))
    second = await sessions.begin(recorder, "ana", "8", NOW_MS + 1000, {})
    await record(recorder, batch(said), session=second)
    assert await find_event(reader, "ana", "chat", said.msg_id, NOW_MS) == 2
    assert await find_event(reader, "ana", "chat", said.msg_id, NOW_MS, first.id) == 1
    assert await find_event(reader, "ana", "chat", said.msg_id, NOW_MS, second.id) == 2


async def test_what_is_not_there_is_none(recorder, reader) -> None:
    assert await event_facts(reader, 1) is None
    assert await find_event(reader, "ana", "chat", 1, NOW_MS) is None
    await record(
        recorder, batch(chat("hello", ANA, time_ms=NOW_MS), event(RoomUpdateData(1, 1, ()), None, "room_update"))
    )
    facts = await event_facts(reader, 2)
    assert facts is not None
    assert (facts["user"], facts["event"]["username"]) == (None, "")


async def test_a_deletion_tells_what_was_deleted_as_far_as_it_is_known(recorder, reader) -> None:
    first, second = chat("buy followers at …", KING), chat("this too", ANA)
    known = (str(first.msg_id), str(second.msg_id))
    several = ModerationData(known[0], deleted_message_ids=(*known, "999"))
    made = [event(data, None, "moderation") for data in (several, ModerationData(known[1]), ModerationData("999"))]
    await record(recorder, batch(first, second, *made))
    shown = [await event_facts(reader, event_id) for event_id in (1, 3, 4, 5)]
    assert [facts and facts.get("deleted") for facts in shown] == [
        None,
        ["Ana: this too", f"{KING.nickname}: buy followers at …"],
        ["Ana: this too"],
        None,
    ]
    assert whole({}, shown[2] or {})["deleted"] == ["Ana: this too"]


async def test_what_was_deleted_long_ago_is_not_looked_for(recorder, reader) -> None:
    """All comments of a long session would be looked through, while nobody else can look anything up."""
    said = chat("this too", ANA)
    await record(recorder, batch(said, event(ModerationData(str(said.msg_id)), None, "moderation")))
    for event_id, known in ((100_000, ["Ana: this too"]), (100_001, None)):
        async with recorder.writing() as database:
            await database.execute("UPDATE event_rows SET id = ? WHERE id > 1", (event_id,))
        facts = await event_facts(reader, event_id)
        assert facts is not None
        assert facts.get("deleted") == known


async def test_badges_that_cannot_be_read_are_none(recorder, reader) -> None:
    await record(recorder, batch(chat("hello", ANA)))
    async with recorder.writing() as database:
        await database.execute("UPDATE users SET badges = '[oops'")
    facts = await event_facts(reader, 1)
    assert facts is not None
    assert facts["user"]["badges"] == []


async def test_the_console_finds_an_event_as_soon_as_it_is_written(recorder, lookup) -> None:
    console = lookup()
    said = chat("find me", KING)
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    recorder.put(session.id, batch(said), session.totals)
    assert await console.event("ana", "chat", said.msg_id, NOW_MS) is None
    await recorder.flush()
    facts = await console.event("ana", "chat", said.msg_id, NOW_MS)
    assert facts is not None
    assert facts["event"]["text"] == "find me"
    assert facts == await console.stored_event(facts["event"]["id"])


async def test_a_replay_finds_the_events_of_its_own_session(recorder, lookup) -> None:
    said = chat("hello")
    first = await record(recorder, batch(said))
    second = await sessions.begin(recorder, "ana", "8", NOW_MS + 1000, {})
    await record(recorder, batch(said), session=second)
    for session in (first, second):
        facts = await lookup(session.id).event("ana", "chat", said.msg_id, NOW_MS)
        assert facts is not None
        assert facts["session"]["id"] == session.id


async def test_searches_take_turns_and_one_that_is_left_makes_room_for_the_next(recorder, lookup) -> None:
    await record(recorder, batch(*(chat(f"hello {number}") for number in range(900))))
    console = lookup()
    left = console.search("hello", 900)
    assert [hit.text for hit in await anext(left)][:1] == ["hello 899"]
    await left.aclose()
    first = [hit async for hits in console.search("hello 7", 2) for hit in hits]
    assert [hit.text for hit in first] == ["hello 799", "hello 798"]
    older = [hit.text async for hits in console.search("hello 7", 2, None, first[-1].event_id) for hit in hits]
    assert older == ["hello 797", "hello 796"]
    with pytest.raises(TimeoutError):
        assert [hits async for hits in console.search("hello", 900, 0.0)] == []
    assert [hit.text async for hits in console.search("hello 42", 1) for hit in hits] == ["hello 429"]
