"""Exports: the same facts in every format, whole or not at all, and nobody's name where none is wanted."""

from __future__ import annotations

import asyncio
import csv
import errno
import gzip
import io
import json
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift, join, like, share
from tests.store.evening import Evening
from tests.store.test_recorder import record
from tui_live.core.events import ChatData
from tui_live.errors import StoreError, TuiLiveError
from tui_live.store import output as output_module
from tui_live.store import sessions
from tui_live.store.export import Options, export
from tui_live.store.formats import COLUMNS, Csv
from tui_live.store.output import ExportError, output
from tui_live.store.pseudonyms import Pseudonyms, secret_key
from tui_live.wire.frames import message_class
from tui_live.wire.schema import method_class

TEXTS = ('quote " and \\ back', "今日は @king 天気", "=1+1", "emoji 👑", "")


@pytest.fixture
async def session(recorder):
    made = await record(recorder, batch(*(chat(text) for text in TEXTS), gift(5, 3), like(3, 90), share(KING), join()))
    await sessions.add_gap(recorder, made, NOW_MS, NOW_MS + 1500, "cut")
    await sessions.finish(recorder, made, "ended", NOW_MS + 2000)
    return made


async def exported(path, key, target, **options) -> bytes:
    await export(path, key, Options(**options), target)
    return target.read_bytes()


async def test_an_event_that_somebody_has_damaged_is_said_in_a_line(session, recorder, path, tmp_path) -> None:
    async with recorder.writing() as database:
        await database.execute("UPDATE event_rows SET head = 1, tail = 'no json' WHERE id = 3")
    with pytest.raises(StoreError, match="Event 3 is damaged: JSON is malformed"):
        await exported(path, session.id, tmp_path / "x.csv", format="csv", pseudonyms=b"k" * 32)
    assert not [*tmp_path.glob("x.csv*")]
    await exported(path, session.id, tmp_path / "x.csv", format="csv", pseudonyms=b"k" * 32, types=("gift", "like"))


async def test_json_lines_have_the_names_and_values_of_the_database(session, path, reader, tmp_path) -> None:
    lines = (await exported(path, session.id[:5], tmp_path / "x.jsonl")).decode().splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["message"] or "" for line in told[:5]] == list(TEXTS)
    async with reader.execute("SELECT * FROM events ORDER BY id") as cursor:
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]
    for line, row in zip(told, rows, strict=True):
        for name in ("id", "session_id", "event_type", "event_subtype", "user_id", "username", "message", "timestamp"):
            assert line[name] == row[name]
        assert line["processed_data"] == json.loads(row["processed_data"])
    assert told[0]["user_id"] == ANA.user_id
    assert told[5]["processed_data"]["group_id"] == "9"


async def test_the_fast_way_and_the_slow_way_write_the_same(session, path, tmp_path) -> None:
    fast = await exported(path, session.id, tmp_path / "fast.jsonl")
    slow = await exported(path, session.id, tmp_path / "slow.jsonl", raw=True)
    without = [msgspec.json.decode(line) for line in slow.splitlines()]
    for line in without:
        del line["raw_data"]
    assert without == [msgspec.json.decode(line) for line in fast.splitlines()]


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "parquet"])
async def test_original_messages_have_nothing_that_a_terminal_obeys(recorder, path, tmp_path, form) -> None:
    hostile = "\x9b31mred \u202egnp \x1b]0;t\x07 \x90q \x7f \u2066"
    message = message_class("ProtoMessageFetchResult")()
    said = method_class("WebcastChatMessage")(content=hostile)
    message.messages.add(method="WebcastChatMessage", payload=said.SerializeToString(), msg_id=1)
    session = await record(recorder, batch(chat("x"), payload=message.SerializeToString()))
    data = await exported(path, session.id, tmp_path / "x", format=form, raw=True)
    if form == "parquet":
        from pyarrow import parquet

        raw = parquet.read_table(tmp_path / "x").to_pylist()[0]["raw_data"]
        assert json.loads(raw)["message"]["content"] == hostile
        data = raw.encode()
    else:
        assert b"u202egnp" in data
    assert not set(hostile) & set(data.decode()) - set("31mred gnp]0;tq ")


async def test_a_document_tells_once_who_everybody_in_it_is(recorder, path, tmp_path) -> None:
    king = structs.replace(KING, moderator=True, gifter_level=12, badges=("moderator",), followers=7, bio="sings")
    renamed = structs.replace(king, nickname="Queen")
    made = await record(recorder, batch(chat("a"), chat("b", king), chat("c", renamed), gift(5, user=renamed)))
    await record(recorder, batch(chat("d", structs.replace(ANA, user_id="7", handle="elsewhere"))))
    users = {}
    wanted = {"whole": {}, "raw": {"raw": True}, "gifts": {"types": ("gift",)}, "none": {"until_ms": 1}}
    for name, options in wanted.items():
        document = json.loads(await exported(path, made.id, tmp_path / name, format="json", **options))
        users[name] = document["users"]
        assert {user["user_id"] for user in document["users"]} == {event["user_id"] for event in document["events"]}
    ana, king = users["whole"]
    assert users["whole"] == users["raw"]
    assert (users["gifts"], users["none"]) == ([king], [])
    told = {"username": "king", "nickname": "Queen", "moderator": True, "verified": False, "gifter_level": 12}
    told |= {"user_id": KING.user_id, "badges": ["moderator"], "follower_count": 7, "bio": "sings"}
    assert {name: king[name] for name in told} == told
    assert (ana["avatar_url"], ana["follower_count"]) == (ANA.avatar_url, None)


async def test_under_a_pseudonym_nobody_is_told_by_their_followers_or_bio(recorder, path, tmp_path) -> None:
    king = structs.replace(KING, moderator=True, followers=123_456_789, bio="sings", avatar_url="https://a/k.webp")
    made = await record(recorder, batch(chat("a"), chat("b", king)))
    text = await exported(path, made.id, tmp_path / "x.json", format="json", pseudonyms=b"secret")
    assert not [word for word in ("123456789", "sings", "https://a/k", "king", KING.user_id) if word in text.decode()]
    document = json.loads(text)
    who = document["events"][1]["user_id"]
    [told] = [user for user in document["users"] if user["user_id"] == who]
    assert (told["username"], told["nickname"], told["moderator"]) == (who, who, True)


async def test_a_document_says_how_far_the_session_can_be_trusted(session, path, tmp_path) -> None:
    document = json.loads(await exported(path, session.id, tmp_path / "x.json", format="json"))
    facts = document["session"]
    assert len(document["events"]) == facts["total_events"] == 9
    assert facts["gap_list"][0]["reason"] == "cut"
    assert list(facts.values()).count(facts["messages"]) == 1
    assert (facts["duplicates"], facts["undecodable"], facts["like_coverage"]) == (0, 0, round(3 / 90, 4))


async def test_csv_and_parquet_say_the_same(session, path, tmp_path) -> None:
    from pyarrow import parquet

    text = gzip.decompress(await exported(path, session.id, tmp_path / "x.csv.gz", format="csv")).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    await exported(path, session.id, tmp_path / "x.parquet", format="parquet")
    table = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [row["message"].removeprefix("'") for row in rows] == [row["message"] or "" for row in table]
    assert rows[2]["message"] == "'=1+1"
    assert table[0]["timestamp"].isoformat() == "2026-11-21T02:36:44.829000+00:00"


async def test_filters(session, path, tmp_path) -> None:
    async def count(name: str, **options) -> int:
        return len((await exported(path, session.id, tmp_path / name, **options)).splitlines())

    assert await count("a", types=("gift", "like")) == 2
    assert await count("b", user="@KING") == 2
    assert await count("c", user=ANA.user_id, types=("chat",)) == len(TEXTS)
    assert await count("d", since_ms=NOW_MS + 1) == 0
    assert await count("e", until_ms=NOW_MS + 1) == 9
    for wrong in ({"types": ("gifts",)}, {"user": "nobody"}):
        with pytest.raises(TuiLiveError):
            await export(path, session.id, Options(**wrong), tmp_path / "f")
    with pytest.raises(TuiLiveError, match="tui-live sessions"):
        await export(path, "zzzz", Options(), tmp_path / "f")


async def test_only_its_own_events_also_where_sessions_mix(recorder, path, tmp_path) -> None:
    one = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    two = await sessions.begin(recorder, "bob", "8", NOW_MS, {})
    for number in range(40):
        await record(recorder, batch(chat(f"{number}")), session=one if number % 20 == 0 else two)
    lines = await exported(path, one.id, tmp_path / "x")
    assert [json.loads(line)["message"] for line in lines.splitlines()] == ["0", "20"]


async def test_a_file_is_never_overwritten_unasked_and_never_half(session, path, tmp_path, monkeypatch) -> None:
    target = tmp_path / "x.jsonl"
    target.write_text("mine")
    with pytest.raises(ExportError, match="--force"):
        await export(path, session.id, Options(), target)
    assert target.read_text() == "mine"

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(output_module.os, "fsync", full)
    with pytest.raises(ExportError, match="no space left"):
        await export(path, session.id, Options(), target, force=True)
    assert target.read_text() == "mine"
    assert sorted(item.name for item in tmp_path.iterdir() if "jsonl" in item.name) == ["x.jsonl"]


async def test_a_full_device_is_one_line(session, path) -> None:
    with pytest.raises(ExportError, match="no space left"):
        await export(path, session.id, Options(), __import__("pathlib").Path("/dev/full"))


async def test_a_cancelled_export_leaves_nothing(session, path, tmp_path) -> None:
    def cancel(_: int) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await export(path, session.id, Options(), tmp_path / "x", progress=cancel)
    assert not [item for item in tmp_path.iterdir() if item.name.startswith((".x", "x.jsonl"))]


def test_a_file_is_private(tmp_path) -> None:
    with output(tmp_path / "x", force=False) as stream:
        stream.write(b"1")
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


def test_a_file_under_way_is_nobodys_to_foresee_and_has_any_name_that_the_disk_takes(tmp_path, monkeypatch) -> None:
    for name in ("漢" * 80 + ".csv", "x.jsonl"):
        with output(tmp_path / name, force=False) as stream:
            [part] = [item for item in tmp_path.iterdir() if item.name.endswith(".part")]
            stream.write(b"1")
        assert (tmp_path / name).read_bytes() == b"1"
        assert not part.exists()
    mine = tmp_path / "mine"
    mine.write_text("precious")
    monkeypatch.setattr(output_module, "_part_name", lambda _: ".foreseen.part")
    (tmp_path / ".foreseen.part").symlink_to(mine)
    with pytest.raises(ExportError, match="cannot be written"), output(tmp_path / "y", force=False):
        pass
    assert mine.read_text() == "precious"


def test_what_a_killed_export_left_goes_with_the_next_one_to_that_name(tmp_path) -> None:
    def left(name: str, mode: int = 0o600) -> Path:
        (tmp_path / name).write_text("half")
        (tmp_path / name).chmod(mode)
        return tmp_path / name

    gone = left(".x.csv.0123456789ab.part")
    others = [left(".y.csv.0123456789ab.part"), left(".x.csv.part"), left(".x.csv.0123456789ab.part.part")]
    readable = left(".x.csv.0123456789ac.part", 0o644)
    link = tmp_path / ".x.csv.0123456789ad.part"
    link.symlink_to(others[0])
    with output(tmp_path / "x.csv", force=False) as stream:
        stream.write(b"1")
        under_way = [item for item in tmp_path.iterdir() if item.name.startswith(".x.csv.") and not item.is_symlink()]
        with output(tmp_path / "x.csv", force=False) as other:  # takes nothing away that is being written
            other.write(b"2")
        (tmp_path / "x.csv").unlink()
        assert all(item.exists() for item in under_way)
    assert (tmp_path / "x.csv").read_bytes() == b"1"
    assert not gone.exists()
    assert all(item.exists() for item in (*others, readable, link))


async def test_pseudonyms_leave_nobodys_name_and_refuse_raw(recorder, path, tmp_path) -> None:
    said = event(
        ChatData("hi @king and 👑 King, ana! @stranger_1", "en", (), (KING.user_id,)),
        text="hi @king and 👑 King, ana! @stranger_1",
    )
    session = await record(recorder, batch(said, chat("banana", KING)))
    text = (await exported(path, session.id, tmp_path / "x", format="json", pseudonyms=b"k" * 32)).decode()
    for name in ("king", "King", ANA.user_id, KING.user_id, "stranger", '"ana"', "Ana"):
        assert name not in text
    events = json.loads(text)["events"]
    ana, king = events[0]["user_id"], events[1]["user_id"]
    assert events[0]["message"].startswith(f"hi {'@'}{king} and {king}, {ana}! @user-")
    assert events[0]["processed_data"]["mentions"] == [king]
    assert events[1]["message"] == "banana"
    with pytest.raises(ExportError, match="--raw"):
        await export(path, session.id, Options(raw=True, pseudonyms=b"k" * 32), tmp_path / "y")


def test_the_secret_is_made_once_and_private(tmp_path) -> None:
    key = secret_key(tmp_path / "key")
    assert secret_key(tmp_path / "key") == key
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_no_cell_of_a_csv_is_a_formula_and_every_text_comes_back(pairs) -> None:
    stream = io.BytesIO()
    writer = Csv(stream, {}, False)
    names = csv.DictReader(io.StringIO(stream.getvalue().decode())).fieldnames
    encodable = [tuple(text.encode("utf-8", "replace").decode() for text in pair) for pair in pairs]
    writer.records([dict.fromkeys(names, None) | {"username": a, "message": b} for a, b in encodable])
    rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode(), newline="")))
    assert len(rows) == len(pairs)
    for row, pair in zip(rows, encodable, strict=True):
        for cell, text in zip((row["username"], row["message"]), pair, strict=True):
            assert not cell.startswith(("=", "+", "-", "@", "\t"))
            assert cell.replace("'", "") == text.replace("'", "")
            if not set(text) & set(";|\t\r\n"):
                assert text in (cell, cell.removeprefix("'"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(text=st.text(st.sampled_from(";|\t\"' =+-@＝＋－＠a,"), max_size=12))
@example(text="hello;=1+1")
@example(text='a|"=1')
@example(text="＝1")
@example(text=" =1")
def test_no_cell_is_a_formula_for_a_spreadsheet_with_another_separator(separator: str, text: str) -> None:
    stream = io.BytesIO()
    writer = Csv(stream, {}, False)
    writer.records([dict.fromkeys(COLUMNS, None) | {"message": text}])
    for row in csv.reader(io.StringIO(stream.getvalue().decode(), newline=""), delimiter=separator):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), row


@given(
    st.lists(st.text("abc123_.", min_size=2, max_size=10), min_size=1, max_size=5, unique=True),
    st.text(" ,!?@今日", max_size=6),
    st.data(),
)
def test_no_handle_survives_in_a_text(handles, between, data) -> None:
    names = Pseudonyms(b"k", [(str(10**18 + at), handle, "") for at, handle in enumerate(handles)])
    handle = data.draw(st.sampled_from(handles))
    cleaned = names.text(f"{between} {handle} {between}")
    assert names.of_handle(handle) in cleaned or "@" in between  # a stranger's name may go on with it
    assert f" {handle} " not in cleaned


@pytest.mark.parametrize("secret", [None, b"k" * 32])
async def test_json_says_how_many_people_were_there_and_not_who_won(recorder, path, tmp_path, secret) -> None:
    evening = await Evening.begin(recorder)
    evening.add(chat("hi", ANA), gift(5, 1, KING))
    evening.do("pick_winner")
    await recorder.flush()
    data = await exported(path, evening.session.id, tmp_path / "x", format="json", types=("chat",), pseudonyms=secret)
    assert json.loads(data)["session"]["total_users"] == 2
    assert KING.user_id.encode() not in data
