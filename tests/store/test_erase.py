"""After an erase, nothing of the person is in the file, and everything else is as it was."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift, like
from tests.store.evening import OTHERS, RULES, Evening, numbers, play, question, steps
from tests.store.real import Recording
from tests.store.test_recorder import record, rows
from tui_live.core.events import ChatData, Person, RoomUpdateData, TopViewer
from tui_live.core.traces import _varint
from tui_live.errors import StoreError
from tui_live.store import erase as module
from tui_live.store import sessions
from tui_live.store.account import account
from tui_live.store.boards import load_board
from tui_live.store.database import WriterLock, open_reader
from tui_live.store.erase import erase, look_up
from tui_live.store.rescore import rescore
from tui_live.store.search import search_all
from tui_live.wire.frames import unpack

RAIN = Person("6912345678901234567", "rain_maker77", "Zephyrine Qx", "https://a/rain.webp")


def bytes_of(path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


def query(path, sql: str, *parameters: object) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(sql, parameters).fetchall()


async def test_no_byte_of_the_person_stays(recorder, reader, path) -> None:
    top = RoomUpdateData(3, 9, (TopViewer(RAIN.user_id, RAIN.handle, 90), TopViewer(KING.user_id, "king", 5)))
    session = await record(
        recorder,
        batch(
            chat("xylophonic secret of mine", RAIN),
            gift(5, 3, RAIN),
            event(ChatData("hi @Rain_Maker77!", "en", (), (RAIN.user_id, KING.user_id)), text="hi @Rain_Maker77!"),
            chat("xylophone solo", ANA),
            event(top, None, "room_update"),
        ),
    )
    await recorder._database.close()
    for needle in (RAIN.user_id, RAIN.handle, RAIN.nickname, "xylophonic"):
        assert needle.encode() in bytes_of(path)
    assert (await erase(path, "@RAIN_maker77")).events == 2
    left = bytes_of(path).lower()
    for needle in (RAIN.user_id, RAIN.handle, RAIN.nickname.lower(), "xylophonic", "rain.webp"):
        assert needle.encode() not in left
    again = await open_reader(path)
    assert [hit.text for hit in await search_all(again, "xylo")] == ["xylophone solo"]
    assert [hit.text for hit in await search_all(again, "hi erased")] == ["hi @erased!"]
    assert await rows(again, "SELECT processed_data ->> '$.mentions' FROM events WHERE message LIKE 'hi%'") == [
        (f'["{KING.user_id}"]',)
    ]
    viewers = await rows(again, "SELECT processed_data ->> '$.top_viewers[0].coin_count' FROM events")
    assert (90,) in viewers
    assert await rows(again, "SELECT total_events, total_coins FROM sessions WHERE id = ?", session.id) == [(5, 15)]
    await again.close()


@pytest.mark.parametrize("packed", [False, True])
async def test_frames_lose_the_person_and_keep_every_other_message_at_its_place(recorder, path, packed) -> None:
    recording = Recording(recorder)
    session = await recording.record(1200)
    if packed:
        await sessions.finish(recorder, session, "ended", NOW_MS)
    reader = await open_reader(path)
    [(user_id, handle)] = await rows(
        reader,
        "SELECT user_id, username FROM events WHERE event_type = 'gift' GROUP BY user_id"
        " ORDER BY count(*) DESC LIMIT 1",
    )
    await reader.close()
    await recorder._database.close()
    await erase(path, user_id)
    again = await open_reader(path)
    from tui_live.store.frames import session_frames

    frames, after = {}, 0
    while some := await session_frames(again, session.id, after):
        frames |= {frame_id: payload for frame_id, _, payload in some}
        after = some[-1][0]
    assert len(frames) == len(recording.sent)
    for payload in frames.values():
        plain = unpack(payload).SerializeToString()
        for needle in (_varint(int(user_id)), user_id.encode(), handle.encode()):
            assert needle not in plain
    sent = {message.msg_id: message for batch in recording.sent for message in unpack(batch).messages}
    same = 0
    for msg_id, frame_id, place in await rows(again, "SELECT msg_id, frame_id, place FROM events"):
        message = unpack(frames[frame_id]).messages[place]
        assert (message.msg_id, message.method) == (msg_id, sent[msg_id].method)
        same += message.payload == sent[msg_id].payload
    assert same > 1000
    needles = (user_id.encode(), handle.encode(), _varint(int(user_id)))
    assert not any(needle in bytes_of(path) for needle in needles)
    await again.close()


async def test_who_is_meant_must_be_clear(recorder, path) -> None:
    other = Person("6912345678901234999", "rain_maker77", "Other")
    await record(recorder, batch(chat("a", RAIN), chat("b", other)))
    await recorder._database.close()
    with pytest.raises(StoreError, match=f"2 people: {RAIN.user_id}, {other.user_id}"):
        await erase(path, "rain_maker77")
    with pytest.raises(StoreError, match="Nobody"):
        await erase(path, "nobody")
    assert "1 event in 1 session" in (await look_up(path, RAIN.user_id)).describe()
    again = await open_reader(path)
    assert await rows(again, "SELECT count(*) FROM events") == [(2,)]
    await again.close()


async def test_nothing_is_erased_while_somebody_records(recorder, path) -> None:
    await record(recorder, batch(chat("a", RAIN)))
    lock = WriterLock(path)
    lock.acquire()
    with pytest.raises(StoreError, match="Another TUI Live"):
        await erase(path, RAIN.user_id)
    lock.release()


async def test_cancelled_it_leaves_everything_as_it_was(recorder, path) -> None:
    recording = Recording(recorder)
    session = await recording.record(600)
    await sessions.finish(recorder, session, "ended", NOW_MS)
    await recorder._database.close()
    [(user_id, count)] = query(path, "SELECT user_id, count(*) FROM events GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
    before = query(path, "SELECT * FROM events"), query(path, "SELECT * FROM frame_packs")
    shares: list[float] = []

    def stop(share: float) -> None:
        shares.append(share)
        if share == 1:
            erasing.cancel()

    erasing = asyncio.ensure_future(erase(path, user_id, stop))
    with pytest.raises(asyncio.CancelledError):
        await erasing
    assert shares == sorted(shares)
    assert len(shares) > 1
    assert (query(path, "SELECT * FROM events"), query(path, "SELECT * FROM frame_packs")) == before
    assert (await erase(path, user_id)).events == count


async def test_once_it_is_done_it_is_done_to_the_end(recorder, path, monkeypatch) -> None:
    await record(recorder, batch(chat("hello", RAIN)))
    await recorder._database.close()
    commit = module._commit

    async def interrupted(database) -> None:
        erasing.cancel()
        await commit(database)

    monkeypatch.setattr(module, "_commit", interrupted)
    erasing = asyncio.ensure_future(erase(path, RAIN.user_id))
    assert (await erasing).events == 1
    assert RAIN.handle.encode() not in bytes_of(path)


async def test_a_streamer_can_be_erased_too(recorder, path) -> None:
    session = await record(recorder, batch(chat("hello all", ANA), chat("hi ana", KING)))
    await recorder._database.close()
    await erase(path, ANA.user_id)
    again = await open_reader(path)
    assert await rows(again, "SELECT id, streamer_username FROM sessions") == [(session.id, "erased")]
    assert await rows(again, "SELECT username FROM events") == [("king",)]
    await again.close()


async def test_no_byte_of_the_person_stays_in_the_scores(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    other = Person("6912345678901234568", "zephyrs_friend", RAIN.nickname)  # the same nickname, somebody else
    evening.add(like(30, 900, KING), gift(50, 9, RAIN), like(300, 930, ANA), gift(5, 1, other))
    places = evening.board.movement.note(evening.board.ranking, NOW_MS + 60_000)
    recorder.put_places(evening.session.id, evening.board, NOW_MS, places)
    evening.do("ask", question(RAIN, 1))
    evening.do("ask", structs.replace(question(ANA, 2), text="is @rain_maker77 here?"))
    evening.do("ask", question(RAIN, 3))
    evening.do("ask", question(other, 4))
    evening.do("pick_winner")
    evening.do("pause")
    evening.do("reset", RAIN.user_id)
    evening.add(gift(50, 10, RAIN), chat("never", KING), like(30, 960, KING))
    evening.do("move", 3, -1)
    evening.do("ask", question(RAIN, 5))
    assert evening.board.desk.shown == question(RAIN, 3)
    evening.do("pick_winner")
    evening.do("ask", structs.replace(question(KING, 6), text="and Rain_Maker77?"))
    await recorder.flush()
    await sessions.finish(recorder, evening.session, "ended", NOW_MS)
    stored = await load_board(recorder._database, evening.session.id, RULES)
    assert stored.ranking.winner == RAIN.user_id
    await recorder._database.close()
    assert len(query(path, "SELECT * FROM score_moves")) == 1
    before = query(path, "SELECT * FROM score_rows WHERE user_id <> ?", RAIN.user_id)
    deeds = query(path, "SELECT number, after_event, deed, time_ms, target FROM score_actions")

    await erase(path, RAIN.user_id)
    left = bytes_of(path).lower()
    for needle in (RAIN.user_id, RAIN.handle, "rain.webp"):
        assert needle.encode() not in left
    for table in ("score_rows", "score_moves", "score_places", "score_actions"):
        assert query(path, f"SELECT * FROM {table} WHERE user_id = ?", RAIN.user_id) == []
    assert query(path, "SELECT * FROM score_rows") == before
    assert query(path, "SELECT number, after_event, deed, time_ms, target FROM score_actions") == deeds
    again = await open_reader(path)
    board = await load_board(again, evening.session.id, RULES)
    assert (board.ranking.winner, board.ranking.paused) == ("", True)
    texts = [(each.msg_id, each.nickname, each.text) for each in board.desk.waiting]
    assert (board.desk.shown, texts) == (
        None,
        [(2, ANA.nickname, "is @erased here?"), (4, RAIN.nickname, "why?"), (6, KING.nickname, "and erased?")],
    )
    assert [one.person.handle for one in board.ranking.stretch(0, 9)] == ["zephyrs_friend", "ana", "king"]
    king = await account(again, evening.session.id, KING.user_id, RULES)
    assert [each.used for each in king.comments] == [False]  # the erased person's reset was not everybody's
    await again.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, max_size=25), numbers)
def test_an_erased_person_changes_nobody_elses_score(script, number) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"

        async def check() -> None:
            evening, _ = await play(path, script)
            people = list(evening.board.ranking.people)
            if not people:
                return
            gone = people[number % len(people)]
            before = query(path, "SELECT * FROM score_rows WHERE user_id <> ?", gone)
            await erase(path, gone)
            assert gone.encode() not in bytes_of(path)
            assert query(path, "SELECT * FROM score_rows") == before
            assert not await rescore(path, evening.session.id, RULES)
            await rescore(path, evening.session.id, OTHERS, write=True)
            assert not await rescore(path, evening.session.id, OTHERS)

        asyncio.run(check())
