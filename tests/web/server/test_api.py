"""The API tells what the database has: every item once, by every filter, ids whole."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.e2e.conftest import query
from tests.web.server.conftest import Served


def all_events(served: Served, key: str, where: str = "1") -> list[int]:
    return [
        row[0]
        for row in query(served.path, f"SELECT id FROM events WHERE session_id = ? AND {where} ORDER BY id DESC", key)
    ]


@pytest.mark.parametrize("limit", [1, 7, 1000])
async def test_events_are_paged_through_exactly_once(served: Served, limit: int) -> None:
    key = await served.session("eve")
    found = await served.pages_of(f"/api/sessions/{key}/events", "events", limit=limit)
    assert [event["id"] for event in found] == all_events(served, key)
    columns = "event_type, event_subtype, user_id, username, nickname, message, timestamp, processed_data"
    rows = query(served.path, f"SELECT {columns} FROM events WHERE session_id = ? ORDER BY id DESC", key)
    for event, row in zip(found, rows, strict=True):
        told = [event[name.strip()] for name in columns.split(",")[:-1]]
        assert told == [value if value != "" or index != 1 else None for index, value in enumerate(row[:-1])]
        assert event["processed_data"] == json.loads(row[-1])


async def test_events_are_filtered_by_type_subtype_and_person(served: Served) -> None:
    key = await served.session("ana")
    path = f"/api/sessions/{key}/events"
    user_id, handle = query(
        served.path, "SELECT user_id, username FROM events WHERE session_id = ? AND event_type = 'chat' LIMIT 1", key
    )[0]
    for filters, where in (
        ({"type": "gift"}, "event_type = 'gift'"),
        ({"type": "gift,like"}, "event_type IN ('gift', 'like')"),
        ({"type": "social", "subtype": "follow"}, "event_type = 'social' AND event_subtype = 'follow'"),
        ({"subtype": "share"}, "event_subtype = 'share'"),
        ({"user": user_id}, f"user_id = '{user_id}'"),
        ({"user": handle}, f"user_id = '{user_id}'"),
        ({"user": "@" + handle.upper()}, f"user_id = '{user_id}'"),
        ({"user": user_id, "type": "chat"}, f"user_id = '{user_id}' AND event_type = 'chat'"),
        ({"user": "nobody-at-all"}, "0"),
        ({"type": "poll", "user": user_id, "subtype": "x"}, "0"),
    ):
        found = await served.pages_of(path, "events", limit=9, **filters)
        assert [event["id"] for event in found] == all_events(served, key, where), filters
    status, answer = await served.ask(f"{path}?type=chat&type=gift&limit=1000")
    assert {event["event_type"] for event in answer["events"]} == {"chat", "gift"}
    for bad in (
        "type=none",
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=-1",
        "before=1e3",
        "raw=maybe",
        "raw=1&limit=51",
        "q=%21%21",
        "limit=" + "9" * 40,
        "before=٣",
    ):
        status, answer = await served.ask(f"{path}?{bad}")
        assert (status, answer["error"]["code"]) == (400, "bad_parameter"), bad


@pytest.mark.parametrize("words", ["今日", "🎉", "مرحبا", "hello wor", '"hello world"', "HÉLLO"])
async def test_events_are_found_by_words_of_every_script(served: Served, words: str) -> None:
    key = await served.session("ana")
    texts = ["今日は！", "🎉🎉 party", "مرحبا بكم", "Hello world", "world, hello", "nothing"]

    def say(database: sqlite3.Connection) -> list[int]:
        ids = [
            row[0]
            for row in database.execute(
                "SELECT e.id FROM event_rows e JOIN event_types t ON t.number = e.type AND t.name = 'chat'"
                " JOIN sessions s ON s.number = e.session AND s.id = ? ORDER BY e.id LIMIT 6",
                (key,),
            )
        ]
        for event_id, text in zip(ids, texts, strict=True):
            database.execute("UPDATE event_rows SET message = ? WHERE id = ?", (text, event_id))
        return ids

    ids = await served.write(say)
    expected = {"今日": {0}, "🎉": {1}, "مرحبا": {2}, "hello wor": {3, 4}, '"hello world"': {3}, "HÉLLO": {3, 4}}[words]
    found = await served.pages_of(f"/api/sessions/{key}/events", "events", q=words, limit=1)
    assert {ids.index(event["id"]) for event in found if event["id"] in ids} == expected


async def test_raw_data_is_tiktoks_message(served: Served) -> None:
    key = await served.session("ana")
    status, answer = await served.ask(f"/api/sessions/{key}/events?type=gift&raw=1&limit=5")
    assert status == 200 and len(answer["events"]) == 5
    for event in answer["events"]:
        facts = await served.engine.stored_event(event["id"])
        assert event["raw_data"] == json.loads(json.dumps(facts["raw"])) and event["raw_data"]


def _numbers(value: Any) -> list[int]:
    """All whole numbers in JSON that JavaScript would spoil."""
    if isinstance(value, dict):
        return [number for each in value.values() for number in _numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, int) and abs(value) > 2**53 else []


async def test_every_id_is_a_string_wherever_it_is_told(served: Served) -> None:
    _, answer = await served.ask("/api/sessions")
    assert _numbers(answer) == []
    for session in answer["sessions"]:
        key = session["id"]
        people = await served.pages_of(f"/api/sessions/{key}/participants", "participants")
        told = [
            await served.ask(f"/api/sessions/{key}"),
            await served.pages_of(f"/api/sessions/{key}/events", "events"),
        ]
        told += [await served.ask(f"/api/sessions/{key}/users/{people[0]['user_id']}"), people]
        told += [await served.ask("/api/streams"), await served.ask("/api/status"), await served.ask("/api/question")]
        assert _numbers(json.loads(json.dumps(told))) == []
        for kind in ("json", "jsonl"):
            _, text = await served.ask(f"/api/export/session/{key}?format={kind}&raw=1")
            documents = [text] if isinstance(text, dict) else [json.loads(line) for line in text.splitlines()]
            assert _numbers(documents) == []


async def test_sessions_are_paged_through_while_others_begin(served: Served) -> None:
    sql = (
        "INSERT INTO sessions (id, streamer_username, room_id, session_start, status, number)"
        " VALUES (?, ?, '7', ?, 'ended', ?)"
    )
    many = [(f"k{n:07}", f"s{n % 3}", f"2025-01-0{1 + n % 5}T10:00:00.000Z", 100 + n) for n in range(23)]
    await served.write(lambda database: database.executemany(sql, many))
    expected = [
        row[0] for row in query(served.path, "SELECT id FROM sessions ORDER BY session_start DESC, number DESC")
    ]
    found, cursor = [], ""
    while cursor is not None:
        _, answer = await served.ask("/api/sessions", params={"limit": 4, "after": cursor})
        found += [session["id"] for session in answer["sessions"]]
        cursor = answer["next"]
        number = 1000 + len(found)
        one = (f"n{number}", "x", "2027-01-01T00:00:00.000Z", number)
        await served.write(lambda database, one=one: database.execute(sql, one))
    assert found == expected
    mine = await served.pages_of("/api/sessions", "sessions", streamer="@S1", limit=3)
    assert [session["id"] for session in mine] == [f"k{n:07}" for n in (19, 4, 13, 22, 7, 16, 1, 10)]
    for bad in ("1", "-", "1-", "x-1", "99999999999999-1", "1-1-1"):
        assert (await served.ask("/api/sessions", params={"after": bad}))[0] == 400


async def test_a_session_has_the_columns_of_the_database(served: Served) -> None:
    key = await served.session("ana")
    _, listed = await served.ask("/api/sessions?streamer=ana")
    _, answer = await served.ask(f"/api/sessions/{key}")
    whole = answer["session"]
    assert {name: whole[name] for name in listed["sessions"][0]} == listed["sessions"][0]
    names = [name for name in whole if name.startswith("total_")] + ["duplicates", "room_likes", "room_id", "status"]
    assert len(names) > 25
    [row] = query(served.path, f"SELECT {', '.join(names)} FROM sessions WHERE id = ?", key)
    assert [whole[name] for name in names] == list(row)
    assert len(whole["gap_list"]) == whole["gaps"] > 0
    assert 0 < whole["like_coverage"] <= 1


async def test_participants_are_the_leaderboard(served: Served) -> None:
    key = await served.session("ana")
    everybody = await served.pages_of(f"/api/sessions/{key}/participants", "participants", limit=13)
    rows = query(served.path, "SELECT user_id, points, coins, likes FROM scores WHERE session_id = ?", key)
    assert len(everybody) == len(rows) == len({each["user_id"] for each in everybody})
    assert [each["rank"] for each in everybody] == list(range(1, len(rows) + 1))
    assert [each["points"] for each in everybody] == sorted((row[1] for row in rows), reverse=True)
    by_id = {row[0]: row[1:] for row in rows}
    assert {each["user_id"]: (each["points"], each["coins"], each["likes"]) for each in everybody} == by_id
    assert all(each["score"] - 1 < each["points"] <= each["score"] for each in everybody)
    flags = ("verified", "moderator", "gifter_level", "member_level")
    known = query(served.path, f"SELECT user_id, {', '.join(flags)}, badges FROM users")
    told = {each["user_id"]: [each[name] for name in (*flags, "badges")] for each in everybody}
    assert {row[0]: [*row[1:-1], json.loads(row[-1])] for row in known if row[0] in told} == told
    assert {type(each["moderator"]) for each in everybody} == {bool}
    assert any(each["moderator"] and "moderator" in each["badges"] for each in everybody)


async def test_a_person_is_found_by_id_and_handle(served: Served) -> None:
    key = await served.session("ana")
    _, answer = await served.ask(f"/api/sessions/{key}/participants?limit=1")
    first = answer["participants"][0]
    for name in (first["user_id"], first["username"], "@" + first["username"].upper()):
        status, answer = await served.ask(f"/api/sessions/{key}/users/{name}")
        assert status == 200
        person = answer["user"]
        assert {name: person[name] for name in first} == first
        assert abs(sum(person["sources"].values()) - person["points"]) < 1e-6
        assert sum(gift["coins"] for gift in person["gift_breakdown"]) == person["coins"]
        names = ("bio", "follower_count", "following_count", "follow_status", "region")
        [row] = query(served.path, f"SELECT {', '.join(names)} FROM users WHERE user_id = ?", first["user_id"])
        assert [person[name] for name in names] == list(row)
        assert person["follower_count"] > 0
    for name in ("nobody", "@nobody", "1", "%F0%9F%91%91", "a" * 300, "%2F"):
        assert (await served.ask(f"/api/sessions/{key}/users/{name}"))[0] == 404, name


async def test_two_sessions_asked_for_at_once_do_not_mix(served: Served) -> None:
    keys = [await served.session(name) for name in ("ana", "bob", "eve")]
    alone = {key: (await served.ask(f"/api/sessions/{key}/participants?limit=3"))[1] for key in keys}
    people = {key: answer["participants"][0]["user_id"] for key, answer in alone.items()}

    async def look(key: str) -> None:
        for _ in range(5):
            assert (await served.ask(f"/api/sessions/{key}/participants?limit=3"))[1] == alone[key]
            status, answer = await served.ask(f"/api/sessions/{key}/users/{people[key]}")
            assert (status, answer["user"]["points"]) == (200, alone[key]["participants"][0]["points"])

    await served.engine.history.open_board(keys[0])
    await asyncio.gather(*(look(key) for key in keys))
    # The console has its session open all the while.
    assert served.engine.history.standings(keys[0], 0, 1).people > 0


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
async def test_an_export_has_every_event(served: Served, kind: str) -> None:
    key = await served.session("ana")
    expected = list(reversed(all_events(served, key)))
    async with served.client.get(f"{served.url}/api/export/session/{key}?format={kind}") as answer:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}.{kind}"'
        assert "Content-Length" not in answer.headers
        text = (await answer.read()).decode()
    if kind == "json":
        document = json.loads(text)
        events = document["events"]
        assert document["session"]["id"] == key
        assert {user["user_id"] for user in document["users"]} == {event["user_id"] for event in events} - {None}
    else:
        events = (
            list(csv.DictReader(io.StringIO(text)))
            if kind == "csv"
            else [json.loads(line) for line in text.splitlines()]
        )
    assert [int(event["id"]) for event in events] == expected
    _, gifts = await served.ask(f"/api/export/session/{key}?type=gift&user={events[5]['user_id']}")
    where = f"event_type = 'gift' AND user_id = '{events[5]['user_id']}'"
    assert [json.loads(line)["id"] for line in gifts.splitlines()] == all_events(served, key, where)[::-1]


async def test_an_export_may_be_of_a_part_of_the_session(served: Served) -> None:
    key = await served.session("ana")
    _, whole = await served.ask(f"/api/export/session/{key}")
    times = {event["id"]: event["timestamp"] for event in map(json.loads, whole.splitlines())}
    since, until = sorted(set(times.values()))[3], sorted(set(times.values()))[-3]
    there = datetime.fromisoformat(until).astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    for kind in ("jsonl", "csv"):
        query = {"since": since, "until": there, "format": kind}
        _, part = await served.ask(f"/api/export/session/{key}", params=query)
        found = [json.loads(line)["id"] for line in part.splitlines()] if kind == "jsonl" else part.splitlines()[1:]
        assert 0 < len(found) == sum(since <= time < until for time in times.values()) < len(times)
    whole_time = ("until=9999-12-31", "since=0001-01-01T00:00:00%2B14:00", "since=&until=")
    for asked, count in (*((one, len(times)) for one in whole_time), ("since=9999-12-31", 0)):
        _, part = await served.ask(f"/api/export/session/{key}?{asked}")
        assert len(part.splitlines()) == count, asked


async def test_an_export_that_cannot_be_made_is_an_error_and_not_half_a_file(served: Served) -> None:
    key = await served.session("ana")
    for path, status in (
        *(("none", 404), (f"{key}?format=xlsx", 400), (f"{key}?type=none", 400), (f"{key}?user=nobody-at-all", 404)),
        *(
            (f"{key}?since=yesterday", 400),
            (f"{key}?until=99999999999999999999", 400),
            (f"{key}?until=2026-13-01", 400),
        ),
    ):
        assert (await served.ask(f"/api/export/session/{path}"))[0] == status, path


async def test_an_unknown_session_is_not_found(served: Served) -> None:
    known = await served.session("ana")
    for key in ("none", known[:4], known.upper(), "%00", "🎉", "x" * 500):
        for path in ("", "/events", "/stream", "/participants", "/users/1"):
            status, answer = await served.ask(f"/api/sessions/{key}{path}")
            assert (status, answer["error"]["code"]) == (404, "not_found"), (key, path)
        assert (await served.ask(f"/api/export/session/{key}"))[0] == 404
