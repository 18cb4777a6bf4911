"""Whatever the data of an event, the view shows it as it was."""

from __future__ import annotations

import json
import sqlite3

import msgspec
import pytest

from tests.store.conftest import ANA, NOW_MS, batch, chat, event
from tests.store.real import Recording
from tests.store.test_recorder import record, rows
from tui_live.core.events import ChatData, OtherData, SocialData
from tui_live.store.database import open_reader, open_writer
from tui_live.store.migrations import STEPS


async def test_processed_data_reads_back_as_it_was_decoded(recorder, reader) -> None:
    given = [
        event(ChatData('a "quoted"\\ text', "en", ("1",), ("69",)), text='a "quoted"\\ text'),
        event(ChatData("said", "xx"), text="shown otherwise"),
        event(ChatData("", ""), text=""),
        event(SocialData("shared", 0, 12, "9", 5), kind="social", subtype="share"),
        event(SocialData("shared", 0, 12, "9", follower=True, follower_count=1234), kind="social", subtype="share"),
        event(SocialData("shared", follower=False, follower_count=0), kind="social", subtype="share"),
        event(SocialData("followed"), kind="social", subtype="follow"),
        event(OtherData("WebcastX", "no message"), kind="other"),
    ]
    await record(recorder, batch(*given))
    told = await rows(reader, "SELECT processed_data FROM events ORDER BY id")
    assert [json.loads(row[0]) for row in told] == [json.loads(msgspec.json.encode(item.data)) for item in given]


async def test_a_whole_stream_reads_back_with_few_heads(recorder, reader, monkeypatch) -> None:
    given: list = []
    put = type(recorder).put
    monkeypatch.setattr(
        type(recorder), "put", lambda self, key, made, sums: (given.extend(made.events), put(self, key, made, sums))
    )
    await Recording(recorder).record(3000)
    told = await rows(reader, "SELECT processed_data, user_id, username, nickname, message FROM events ORDER BY id")
    assert len(told) == len(given)
    for row, item in zip(told, given, strict=True):
        assert json.loads(row[0]) == json.loads(msgspec.json.encode(item.data))
        if item.user:
            assert row[1:4] == (item.user.user_id, item.user.handle, item.user.nickname)
        assert (row[4] or "") == item.text
    [(heads,)] = await rows(reader, "SELECT count(*) FROM data_heads")
    assert heads < 600


async def test_a_database_of_the_first_version_reads_the_same(path) -> None:
    path.touch()
    with sqlite3.connect(path) as old:
        old.executescript(STEPS[0] + "PRAGMA user_version = 1;")
        old.execute(
            "INSERT INTO sessions (id, streamer_username, room_id, session_start, status)"
            " VALUES ('k', 'ana', '7', '', 'ended')"
        )
        old.execute("INSERT INTO user_names VALUES (?, 'ana', 'Ana', '2026-11-21T00:00:00.000Z')", (ANA.user_id,))
        insert = (
            "INSERT INTO events (session_id, event_type, user_number, username, message, time_ms, data, msg_id,"
            " frame_id, place, history) VALUES ('k', ?, ?, ?, ?, ?, ?, 5, 1, 0, 0)"
        )
        old.execute(insert, ("chat", int(ANA.user_id), "ana", 'hi "you"', NOW_MS, '{"language":"en","emotes":[]}'))
        old.execute(insert, ("like", 77, "nobody.known", "×3", NOW_MS, '{"like_count":3}'))
        old.execute(insert, ("room_update", None, None, None, NOW_MS, '{"viewer_count":3}'))
        query = (
            "SELECT id, session_id, event_type, user_id, username, message, timestamp, json(processed_data) FROM events"
        )
        before = old.execute(query).fetchall()
    old.close()
    await (await open_reader(path)).close()
    database = await open_writer(path)
    after = [tuple(row) for row in await rows(database, query)]
    chats = [json.loads(row[-1]) for row in (before[0], after[0])]
    assert chats[0] == chats[1]
    assert [row[:-1] for row in after] == [row[:-1] for row in before]
    assert [row[-1] for row in after[1:]] == [row[-1] for row in before[1:]]
    await database.execute(
        "INSERT INTO event_rows (session, type, time_ms, head, msg_id, place, history) VALUES (1, 1, 0, 2, 0, 0, 0)"
    )
    assert await rows(database, "SELECT max(id) FROM events") == [(4,)]
    await database.close()


@pytest.mark.parametrize("text", ["x", "天気"])
async def test_old_sql_by_user_uses_an_index(recorder, reader, text) -> None:
    await record(recorder, batch(chat(text)))
    plan = await rows(reader, "EXPLAIN QUERY PLAN SELECT message FROM events WHERE user_id = '5'")
    assert not any("SCAN e" in row[-1] for row in plan)
    plan = await rows(
        reader, "EXPLAIN QUERY PLAN SELECT message FROM events WHERE session_id = 'x' AND event_type = 'gift'"
    )
    assert not any("SCAN e" in row[-1] for row in plan)
