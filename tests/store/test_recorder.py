"""Batches in, transactions out: nothing lost, whatever the disk does."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat

import pytest
from msgspec import structs

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift, join, like, share
from tests.waiting import until
from tui_live.core.events import Event, GiftData, Person
from tui_live.core.totals import Totals
from tui_live.errors import StoreError
from tui_live.store import recorder as module
from tui_live.store import sessions, writing
from tui_live.store.batches import BatchWriter
from tui_live.store.database import open_reader, open_writer
from tui_live.store.recorder import Recorder


async def rows(database, sql: str, *parameters: object) -> list[tuple]:
    async with database.execute(sql, parameters) as cursor:
        return [tuple(row) for row in await cursor.fetchall()]


async def record(recorder: Recorder, *batches, session=None):
    session = session or await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    for item in batches:
        session.totals.add(item)
        recorder.put(session.id, item, session.totals)
    await recorder.flush()
    return session


async def test_columns_have_the_names_and_values_that_people_query(recorder, reader) -> None:
    session = await record(recorder, batch(chat("where are you from?"), gift(5, 3), like(15, 900), share(), join()))
    row = (await rows(reader, "SELECT * FROM events WHERE event_type = 'chat'"))[0]
    async with reader.execute("SELECT * FROM events LIMIT 1") as cursor:
        names = [column[0] for column in cursor.description]
    told = dict(zip(names, row, strict=True))
    assert told["session_id"] == session.id
    assert (told["user_id"], told["username"]) == (ANA.user_id, "ana")
    assert told["message"] == "where are you from?"
    assert told["timestamp"] == "2026-11-21T02:36:44.829Z"
    assert json.loads(told["processed_data"]) == {
        "message": "where are you from?",
        "language": "en",
        "emotes": [],
        "mentions": [],
    }
    sums = (
        "SELECT total_events, total_messages, total_gifts, total_likes, total_members, total_social, total_coins,"
        " total_other, room_likes FROM sessions"
    )
    assert await rows(reader, sums) == [(5, 1, 3, 15, 1, 1, 15, 0, 900)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SELECT strftime('%H', timestamp), count(*) FROM events WHERE event_subtype = 'share' GROUP BY 1",
            [("02", 3)],
        ),
        (
            "SELECT username, count(*) AS shares FROM events WHERE event_type = 'social' AND event_subtype = 'share'"
            " GROUP BY user_id ORDER BY shares DESC",
            [("king", 2), ("ana", 1)],
        ),
        (
            "SELECT s.streamer_username, count(e.id) FROM sessions s JOIN events e ON e.session_id = s.id"
            " WHERE e.event_subtype = 'share' GROUP BY s.id",
            [("ana", 3)],
        ),
        (
            "SELECT json_extract(processed_data, '$.action') FROM events WHERE event_type = 'social' LIMIT 1",
            [("shared",)],
        ),
    ],
)
async def test_sql_written_for_the_old_systems_works(recorder, reader, sql, expected) -> None:
    await record(recorder, batch(share(), share(KING), share(KING), chat("x")))
    assert await rows(reader, sql) == expected


async def test_frames_are_kept_as_they_came_and_events_point_to_them(recorder, reader) -> None:
    await record(
        recorder, batch(chat("a"), payload=b"\x1f\x8b one"), batch(payload=b"two"), batch(chat("b"), payload=b"three")
    )
    assert await rows(reader, "SELECT id, payload FROM frames") == [(1, b"\x1f\x8b one"), (2, b"two"), (3, b"three")]
    assert await rows(reader, "SELECT message, frame_id FROM events") == [("a", 1), ("b", 3)]
    assert await rows(reader, "SELECT first_event_id, last_event_id FROM sessions") == [(1, 2)]


async def test_ids_go_on_after_a_restart_even_when_rows_were_deleted(recorder, path) -> None:
    await record(recorder, batch(chat("a"), chat("b")))
    async with recorder.writing() as database:
        await database.execute("DELETE FROM event_rows")
        await database.execute("DELETE FROM frames")
    again = Recorder(await open_writer(path), keep_raw=True)
    await again.open()
    session = await sessions.begin(again, "bob", "8", NOW_MS, {})
    again.put(session.id, batch(chat("c")), Totals())
    await again.flush()
    assert await rows(again._database, "SELECT id FROM events") == [(3,)]
    await again._database.close()


async def test_two_programs_that_write_into_one_database_keep_their_own_data(recorder, path) -> None:
    second = Recorder(await open_writer(path), keep_raw=True)
    await second.open()
    known = {}
    for number in range(3):
        for name, writer in (("one", recorder), ("two", second)):
            known[name] = await record(writer, batch(sent(f"{name} {number}")), session=known.get(name))
    shared = "SELECT processed_data ->> '$.gift_name', message FROM events ORDER BY id"
    found = await rows(recorder._database, shared)
    assert sorted(found) == sorted((f"{name} {number}", f"{name} {number}") for name in known for number in range(3))
    assert await rows(recorder._database, "SELECT count(*), count(DISTINCT head) FROM data_heads") == [(8, 8)]
    assert await rows(recorder._database, "SELECT count(*), count(DISTINCT payload) FROM frames") == [(6, 1)]
    await second._database.close()


def sent(name: str) -> Event:
    return event(GiftData(name, "1", 5, 1, True, "1", 5, 1, 5), KING, "gift", text=name)


async def test_words_of_a_comment_are_found(recorder, reader) -> None:
    await record(recorder, batch(chat("今日はいい天気"), chat("please clip that"), gift(1)))
    assert await rows(reader, "SELECT rowid FROM search WHERE search MATCH '\"天気\"'") == [(1,)]
    assert await rows(reader, "SELECT rowid FROM search WHERE search MATCH 'cli*'") == [(2,)]
    assert await rows(reader, "SELECT count(*) FROM search WHERE search MATCH 'rose'") == [(0,)]


async def test_a_person_is_written_when_they_change_and_history_does_not_turn_back_time(recorder, reader) -> None:
    renamed = type(ANA)(ANA.user_id, "ana2", "Ana II")
    session = await record(recorder, batch(chat("a", time_ms=NOW_MS)), batch(chat("b", renamed, time_ms=NOW_MS + 5)))
    await record(recorder, batch(chat("c", ANA, time_ms=NOW_MS - 1000, history=True)), session=session)
    assert await rows(reader, "SELECT username, display_name, avatar_url FROM users") == [
        ("ana2", "Ana II", ANA.avatar_url)
    ]
    assert await rows(reader, "SELECT username FROM user_names ORDER BY first_seen") == [("ana",), ("ana2",)]


async def test_a_message_that_shows_little_of_a_person_takes_nothing_away(recorder, reader) -> None:
    whole = structs.replace(KING, verified=True, moderator=True, badges=("moderator",), followers=7, follow_status=1)
    session = await record(recorder, batch(chat("hi", whole)))
    flags = "SELECT verified, moderator, badges, follow_status FROM users"
    bare = Person(KING.user_id, KING.handle, KING.nickname)
    await record(recorder, batch(chat("again", bare, time_ms=NOW_MS + 1)), session=session)
    assert await rows(reader, flags) == [(1, 1, '["moderator"]', 1)]
    dismissed = structs.replace(whole, moderator=False, badges=())
    await record(recorder, batch(chat("bye", dismissed, time_ms=NOW_MS + 2)), session=session)
    assert await rows(reader, flags) == [(1, 0, "[]", 1)]


async def test_the_task_writes_by_itself_and_close_writes_the_rest(recorder, reader, running) -> None:
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    task = await running(recorder)
    recorder.put(session.id, batch(*(chat(str(number)) for number in range(module.FLUSH_EVENTS))), session.totals)
    await until(lambda: not recorder.backlog)
    recorder.put(session.id, batch(chat("last")), session.totals)
    await recorder.close()
    await task
    assert await rows(reader, "SELECT count(*) FROM events") == [(module.FLUSH_EVENTS + 1,)]


async def test_back_pressure_comes_before_loss(recorder, monkeypatch) -> None:
    monkeypatch.setattr(module, "HIGH_WATER", 10)
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    recorder.put(session.id, batch(*(chat("x") for _ in range(12))), session.totals)
    assert recorder.waiting
    waiting = asyncio.create_task(recorder.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await recorder.flush()
    await asyncio.wait_for(waiting, 5)
    assert (recorder.waiting, recorder.backlog, recorder.dropped) == (False, 0, 0)


async def test_a_full_disk_is_said_and_nothing_is_lost_when_it_has_space_again(recorder, reader, monkeypatch) -> None:
    failures = [sqlite3.OperationalError("database or disk is full")] * 2
    write = BatchWriter.write
    troubles: list[str] = []

    async def failing(self, *work) -> None:
        if failures:
            raise failures.pop()
        troubles.append(recorder.trouble)
        await write(self, *work)

    monkeypatch.setattr(BatchWriter, "write", failing)
    monkeypatch.setattr(writing, "_RETRY_SECONDS", 0.01)
    await record(recorder, batch(chat("kept")))
    assert "disk is full" in troubles[0]
    assert recorder.trouble == ""
    assert await rows(reader, "SELECT message FROM events") == [("kept",)]
    assert await rows(reader, "SELECT username FROM users") == [("ana",)]


async def test_closing_on_a_disk_that_still_refuses_counts_what_is_lost(recorder, monkeypatch) -> None:
    async def failing(self, *work) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    monkeypatch.setattr(BatchWriter, "write", failing)
    monkeypatch.setattr(writing, "_CLOSE_SECONDS", 0.0)
    recorder.put(session.id, batch(chat("a"), chat("b")), session.totals)
    with pytest.raises(StoreError, match="2 events could not be written"):
        await recorder.close()
    assert recorder.dropped == 2


async def test_the_file_is_private_and_a_newer_one_is_refused(recorder, path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with recorder.writing() as database:
        await database.execute("PRAGMA user_version = 999")
    for opening in (open_writer(path), open_reader(path)):
        with pytest.raises(StoreError, match="newer TUI Live"):
            await opening


async def test_reading_cannot_write(recorder, reader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await reader.execute("DELETE FROM sessions")


async def test_a_cancelled_waiter_costs_no_event_and_leaves_no_open_transaction(recorder, reader) -> None:
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    for number in range(30):
        recorder.put(session.id, batch(chat(str(number))), session.totals)
        waiter = asyncio.create_task(recorder.flush())
        for _ in range(number % 6):
            await asyncio.sleep(0)
        waiter.cancel()
        other = asyncio.create_task(sessions.begin(recorder, "bob", "8", NOW_MS, {}))
        for _ in range(number % 5):
            await asyncio.sleep(0)
        other.cancel()
        await asyncio.gather(waiter, other, return_exceptions=True)
    await recorder.close()
    assert await rows(reader, "SELECT count(*) FROM events") == [(30,)]
    assert (recorder.backlog, recorder.dropped) == (0, 0)


async def test_a_batch_that_cannot_be_written_is_kept_raw_and_takes_no_other_with_it(recorder, reader) -> None:
    session = await record(
        recorder, batch(chat("before")), batch(chat("bad", time_ms=2**70), payload=b"evidence"), batch(chat("after"))
    )
    assert await rows(reader, "SELECT message FROM events WHERE event_type = 'chat'") == [("before",), ("after",)]
    assert await rows(reader, "SELECT event_subtype FROM events WHERE event_type = 'other'") == [("undecodable",)]
    await record(recorder, batch(chat("and on")), session=session)
    assert await rows(reader, "SELECT count(*) FROM events") == [(4,)]
    assert b"evidence" in [row[0] for row in await rows(reader, "SELECT payload FROM frames")]


async def test_sums_that_cannot_be_written_cost_no_event_and_no_other_sums(recorder, reader, running) -> None:
    bad, good = [await sessions.begin(recorder, name, "7", NOW_MS, {}) for name in ("bad", "good")]
    task = await running(recorder)
    for session in (bad, good):
        session.totals.add(batch(chat("one"), gift(5)))
        recorder.put(session.id, batch(chat("one"), gift(5)), session.totals)
    bad.totals.coins = -(2**70)
    await until(lambda: not recorder.backlog)
    assert await rows(reader, "SELECT event_type, count(*) FROM events GROUP BY 1") == [("chat", 2), ("gift", 2)]
    sums = "SELECT total_coins, first_event_id, last_event_id FROM sessions ORDER BY rowid"
    assert await rows(reader, sums) == [(0, 1, 2), (5, 3, 4)]
    bad.totals.coins = 7
    recorder.put(bad.id, batch(chat("two")), bad.totals)
    await recorder.close()
    await task
    assert (await rows(reader, sums))[0] == (7, 1, 5)


async def test_sums_with_too_large_a_column_are_left_out_of_the_transaction_alone(
    recorder, reader, monkeypatch
) -> None:
    monkeypatch.setattr(module, "totals_columns", lambda totals: {"total_coins": 2**63, "total_events": 1})
    await record(recorder, batch(chat("kept"), payload=b"frame"))
    assert await rows(reader, "SELECT message FROM events") == [("kept",)]
    assert await rows(reader, "SELECT first_event_id, total_events, last_received_ms FROM sessions") == [(1, 0, NOW_MS)]
    assert "could not be written" in recorder.trouble
    monkeypatch.undo()
    await record(recorder, batch(chat("and on")))
    assert recorder.trouble == ""


async def test_whatever_goes_wrong_recording_goes_on_and_says_so(recorder, reader, running, monkeypatch) -> None:
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    numbered = BatchWriter.numbered
    failures = [RuntimeError("nobody thought of this")]

    def failing(self, batches):
        if failures:
            raise failures.pop()
        return numbered(self, batches)

    monkeypatch.setattr(BatchWriter, "numbered", failing)
    task = await running(recorder)
    recorder.put(session.id, batch(chat("lost")), session.totals)
    await until(lambda: recorder.trouble)
    assert "RuntimeError" in recorder.trouble
    assert (recorder.backlog, recorder.dropped) == (0, 1)
    recorder.put(session.id, batch(chat("kept")), session.totals)
    with pytest.raises(StoreError, match="1 event could not be written"):
        await recorder.close()
    await task
    assert await rows(reader, "SELECT message FROM events") == [("kept",)]
    assert recorder.trouble == ""


async def test_ids_that_another_program_took_are_given_anew(recorder, reader, path) -> None:
    session = await record(recorder, batch(chat("a")))
    other = Recorder(await open_writer(path), keep_raw=True)
    await other.open()
    await record(other, batch(chat("theirs")))
    await other._database.close()
    await record(recorder, batch(chat("b")), session=session)
    assert await rows(reader, "SELECT message FROM events") == [("a",), ("theirs",), ("b",)]


async def test_a_database_that_is_locked_while_ids_are_given_anew_costs_no_event(
    recorder, reader, path, monkeypatch
) -> None:
    monkeypatch.setattr(writing, "_RETRY_SECONDS", 0.0)
    session = await record(recorder, batch(chat("a")))
    other = Recorder(await open_writer(path), keep_raw=True)
    await other.open()
    await record(other, batch(chat("theirs")))
    await other._database.close()
    learn, failures = BatchWriter.learn_ids, [sqlite3.OperationalError("database is locked")]

    async def locked_once(self):
        if failures:
            raise failures.pop()
        await learn(self)

    monkeypatch.setattr(BatchWriter, "learn_ids", locked_once)
    await record(recorder, batch(chat("b")), session=session)
    assert not failures
    assert await rows(reader, "SELECT message FROM events") == [("a",), ("theirs",), ("b",)]
    assert (recorder.backlog, recorder.dropped, recorder.trouble) == (0, 0, "")


async def test_somebody_elses_database_is_left_alone(tmp_path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE theirs (x)")
        database.execute("PRAGMA user_version = 1")
    for opening in (open_writer(foreign), open_reader(foreign)):
        with pytest.raises(StoreError, match="another program's database"):
            await opening
