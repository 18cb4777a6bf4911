"""What analyses read fast is what the events were, as far as figures are made of it."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Generator
from typing import Any

import pytest
from msgspec import structs

from tests.store.conftest import ANA, KING, batch, chat, event, gift, join, like, share
from tests.store.real import Recording
from tests.store.test_recorder import record
from tui_live.core.events import ChatData, Event, OtherData, RoomUpdateData, SocialData, TopViewer
from tui_live.store import analysis_reading as module
from tui_live.store import earlier as before
from tui_live.store.analysis_reading import EventReader
from tui_live.store.earlier import Ids, Span, earlier_sessions, sharers_before, viewers_before
from tui_live.store.recall import recall


def read(path, session: int = 1, *, until: int | None = None, pick: bool = False) -> list[Event]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        reader = EventReader(database, session)
        last = until or database.execute("SELECT max(id) FROM event_rows").fetchone()[0]
        reader.aim(last, 0 if pick else last)
        found: list[Event] = []
        while reader.after < last:
            found += reader.events(last)
        return found


def told(event: Event) -> Any:
    """What figures are made of."""
    data: Any = event.data
    if isinstance(data, ChatData):
        data = data.language
    elif event.type not in ("gift", "like", "room_update", "social"):
        data = None
    who = event.user and (event.user.user_id, event.user.handle, event.user.nickname)
    more = event.user and (event.user.followers, event.user.follow_status)
    return event.type, event.subtype, who, more, event.time_ms, data


@pytest.mark.parametrize("pick", [False, True])
async def test_a_whole_stream_is_read_as_it_is_recalled(recorder, reader, path, monkeypatch, pick) -> None:
    monkeypatch.setattr(module, "SLICE", 111)
    monkeypatch.setattr(module, "_FEW", 0)
    session = await Recording(recorder).record(2500)
    recalled = [event async for some in recall(reader, session.id) for _, event in some]
    found = read(path, pick=pick)
    assert [told(event) for event in found] == [told(event) for event in recalled]
    shares = [event for event in found if event.subtype == "share"]
    assert any(event.user and event.user.followers for event in shares)


async def test_odd_rows_are_read_too(recorder, path) -> None:
    top = RoomUpdateData(3, 9, (TopViewer("7", "x", 90),))
    given = [
        event(ChatData('a "quoted" text', "en", ("1",), ("69",)), text='a "quoted" text'),
        event(ChatData("said", "xx"), text="shown otherwise"),
        event(ChatData('"language":', ""), text='"language":'),
        event(SocialData("shared", 0, 12, "9", 5, True, 77), kind="social", subtype="share"),
        event(SocialData("shared", 0, 12), None, "social", "share"),
        event(OtherData("WebcastX", "no message"), kind="other", subtype="undecodable"),
        event(top, None, "room_update"),
        *(gift(5, 3), like(15, 900), join(), chat("x", KING)),
    ]
    await record(recorder, batch(*given))
    found = read(path)
    assert [told(event) for event in found[:3]] == [told(event) for event in given[:3]]
    assert found[3].user == structs.replace(ANA, avatar_url="", followers=77, follow_status=1)
    assert [told(event) for event in found[4:]] == [told(event) for event in given[4:]]


async def test_rows_of_old_databases_and_broken_ones_are_read_as_far_as_they_go(recorder, path) -> None:
    await record(recorder, batch(chat("a"), chat("b"), like(3, 9), share(), chat("c")))
    database = recorder._database
    await database.execute('UPDATE event_rows SET head = 2, tail = \',"language":"de"}\' WHERE id = 1')
    await database.execute(
        """UPDATE event_rows SET head = 1, tail = '{"message":"erased","language":"fr"}' WHERE id = 2"""
    )
    await database.execute("UPDATE event_rows SET head = 1, tail = 'no JSON' WHERE id = 3")
    await database.execute("""UPDATE event_rows SET head = 1, tail = '{"action":"shared"}' WHERE id = 4""")
    await database.execute("UPDATE event_rows SET head = 999 WHERE id = 5")
    one, two, three, four, five = read(path)
    assert (one.data.language, two.data.language) == ("de", "fr")
    assert (three.data, five.data) == (OtherData(""), OtherData(""))
    assert four.user == structs.replace(ANA, avatar_url="")


async def test_only_what_is_behind_the_last_one_is_read_and_of_one_session(recorder, path, monkeypatch) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    first = await record(recorder, batch(chat("a"), chat("b")))
    await record(recorder, batch(like(1, 1)))
    await record(recorder, batch(chat("c"), chat("d")), session=first)
    with contextlib.closing(sqlite3.connect(path)) as database:
        for expected in (0, 100):
            reader = EventReader(database, 1)
            reader.after = 1
            reader.aim(5, expected)
            assert [event.type for event in reader.events(4)] == ["chat", "chat"]
            assert reader.after == 4
            assert [event.type for event in reader.events(5)] == ["chat"]
            reader.aim(5, expected)
            assert (reader.events(5), reader.after) == ([], 5)


async def test_ids_take_eight_bytes_and_answer_to_any_text() -> None:
    from array import array

    ids = Ids(array("q", [5, 69, 1 << 62]))
    assert len(ids) == 3
    assert [text in ids for text in ("5", "69", str(1 << 62))] == [True] * 3
    assert [text in ids for text in ("", "6", "x", "٥", str(1 << 70), None, 5)] == [False] * 7


async def test_what_could_not_be_read_is_read_again(recorder, path, monkeypatch) -> None:
    await record(recorder, batch(*(chat(str(number)) for number in range(9))))
    monkeypatch.setattr(module, "SLICE", 4)
    monkeypatch.setattr(module, "_FEW", 0)
    meet = EventReader._meet
    for expected in (0, 9):
        calls = []

        def fail(self: EventReader, numbers, calls=calls) -> None:
            calls.append(numbers)
            if len(calls) == 2:
                raise sqlite3.OperationalError("disk I/O error")
            meet(self, numbers)

        monkeypatch.setattr(EventReader, "_meet", fail)
        with contextlib.closing(sqlite3.connect(path)) as database:
            reader = EventReader(database, 1)
            reader.aim(9, expected)
            found = reader.events(9)
            with pytest.raises(sqlite3.OperationalError):
                reader.events(9)
            while reader.after < 9:
                found += reader.events(9)
        assert len(found) == 9


async def test_an_event_of_a_type_without_a_name_is_counted(recorder, path) -> None:
    await record(recorder, batch(chat("a"), chat("b")))
    await recorder._database.execute("UPDATE event_rows SET type = 999 WHERE id = 1")
    assert [event.type for event in read(path)] == ["", "chat"]


def finished(pieces: Generator[float, None, Ids | None]) -> Ids | None:
    """What comes after all pieces."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


async def test_sessions_before_scores_were_written_tell_no_viewers(recorder, path) -> None:
    await record(recorder, batch(chat("a"), share()))
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert earlier_sessions(database, "ana", 1).spans == ()
        earlier = earlier_sessions(database, "ana", 2)
        assert (earlier.spans, earlier.scored) == ((Span(1, 1, over=False),), 0)
        assert finished(viewers_before(database, earlier)) is None
        assert len(finished(sharers_before(database, earlier))) == 0
        earlier = earlier_sessions(database, "ana", 3)
        assert earlier.spans == (Span(1, 1, over=True),)
        assert ANA.user_id in finished(sharers_before(database, earlier))
        assert earlier_sessions(database, "erased", 3).spans == ()


async def test_people_of_many_sessions_are_put_together_in_pieces(recorder, path, monkeypatch) -> None:
    monkeypatch.setattr(before, "_PIECE", 3)
    rng, told = random.Random(5), set()
    for session in (1, 2, 3):
        await record(recorder, batch(chat("a")))
        people = rng.sample(range(1 << 40, (1 << 40) + 25), 10)
        told.update(people)
        await recorder._database.executemany(
            "INSERT INTO score_rows VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL)",
            [(session, number, str(person)) for number, person in enumerate(people)],
        )
    await recorder._database.execute("UPDATE sessions SET total_users = 10")
    with contextlib.closing(sqlite3.connect(path)) as database:
        found = finished(viewers_before(database, earlier_sessions(database, "ana", 4)))
    assert sorted(told) == list(found._ids)
