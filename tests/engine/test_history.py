"""Past sessions: listed, opened, exported, deleted; what the recorder wrote is what is shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, gift, like
from tests.waiting import until
from tui_live.core.board import Board, Deed
from tui_live.core.log import COINS, DATA, NICKNAME, TEXT, TYPE
from tui_live.core.scoring import Rules
from tui_live.engine.history import History, Keeping
from tui_live.engine.jobs import Jobs
from tui_live.errors import StreamError
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.output import ExportError
from tui_live.store.recorder import Recorder
from tui_live.store.sessions import Session

RULES = Rules.of()


class Evening:
    """A database that is being recorded into, and its history."""

    def __init__(self, recorder: Recorder, history: History, path: Path) -> None:
        self.recorder, self.history, self.path = recorder, history, path
        self.jobs: list = []

    async def session(self, streamer: str, *batches, start_ms: int = NOW_MS, status: str = "ended") -> Session:
        session = await sessions.begin(self.recorder, streamer, "7", start_ms, {"title": f"{streamer} sings"})
        board = Board(RULES)
        for each in batches:
            session.totals.add(each)
            session.last_received_ms = start_ms
            board.add(each)
            self.recorder.put(session.id, each, session.totals, board)
        self.board = board
        await self.recorder.flush()
        if status != "active":
            await sessions.finish(self.recorder, session, status, start_ms + 60_000)
        return session

    def query(self, sql: str, *parameters: object) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            return database.execute(sql, parameters).fetchall()


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    path = tmp_path / "x.db"
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    jobs = Jobs(lambda work, name: asyncio.create_task(work, name=name))
    keeping = Keeping(recorder, dict, str, print, jobs.start)
    history = History(path, RULES, keeping)
    yield Evening(recorder, history, path)
    await history.close()
    await database.close()


async def until_gone(evening: Evening) -> None:
    await until(lambda: all(job.done.is_set() for job in evening.history._removals))


async def test_the_list_has_the_newest_first_and_what_they_add_up_to(evening) -> None:
    old = await evening.session("ana", batch(chat("hi", KING), gift(5, 3)), start_ms=NOW_MS)
    await sessions.add_gap(evening.recorder, old, NOW_MS, NOW_MS + 9000, "cut")
    new = await evening.session("bob", batch(chat("hi", ANA)), start_ms=NOW_MS + 1, status="active")
    found = await evening.history.sessions()
    assert [(each.id, each.streamer, each.status) for each in found] == [
        (new.id, "bob", "active"),
        (old.id, "ana", "ended"),
    ]
    listed = found[1]
    assert (listed.users, listed.events, listed.coins, listed.gaps, listed.gap_ms) == (1, 2, 15, 1, 9000)
    assert (listed.start_ms, listed.end_ms, found[0].end_ms) == (NOW_MS, NOW_MS + 60_000, 0)
    assert len(await evening.history.sessions(limit=1)) == 1


@pytest.mark.parametrize(
    ("text", "streamers"),
    [
        ("AN", ["ana"]),
        ("ended", ["ana"]),
        ("b active", ["bob"]),
        ("%", []),
        ("a_a", []),
        ("ana bob", []),
        ("", ["bob", "ana"]),
    ],
)
async def test_a_filter_wants_every_word_and_takes_them_literally(evening, text, streamers) -> None:
    await evening.session("ana")
    await evening.session("bob", start_ms=NOW_MS + 1, status="active")
    assert [each.streamer for each in await evening.history.sessions(text)] == streamers


async def test_a_session_is_found_by_its_key_and_its_local_date(evening, monkeypatch) -> None:
    session = await evening.session("ana")
    import time

    date = time.strftime("%Y-%m-%d", time.localtime(NOW_MS / 1000))
    assert [each.id for each in await evening.history.sessions(f"{session.id[:5]} {date}")] == [session.id]


async def test_the_facts_have_gaps_with_reasons_and_everything_that_was_done(evening) -> None:
    session = await evening.session(
        "ana", batch(chat("hi", KING), gift(5, 3), like(30, 90, ANA), duplicates=4), status="active"
    )
    board = evening.board
    action = board.reset(KING.user_id, NOW_MS + 5)
    evening.recorder.put_action(session.id, board, action)
    await evening.recorder.flush()
    await sessions.add_gap(evening.recorder, session, NOW_MS, NOW_MS + 9000, "the connection was cut")
    facts = await evening.history.facts(session.id)
    assert facts.title == "ana sings"
    assert facts.rooms == ("7",)
    assert [(gap.end_ms - gap.start_ms, gap.reason) for gap in facts.gaps] == [(9000, "the connection was cut")]
    assert (facts.totals.duplicates, facts.totals.likes, facts.totals.room_likes) == (4, 30, 90)
    assert [(each.deed, facts.names[each.user_id]) for each in facts.actions] == [(Deed.RESET, KING.nickname)]
    assert facts.frame_bytes > 0


async def test_the_leaderboard_is_the_one_that_was_counted_live(evening) -> None:
    session = await evening.session("ana", batch(gift(5, 3, KING), chat("hi", ANA), like(30, 90, ANA)))
    history = evening.history
    assert history.standings(session.id).people == 0
    await history.open_board(session.id)
    shown = history.standings(session.id, 0, 10)
    assert [(line.name, line.score) for line in shown.lines] == [(KING.nickname, 15), ("Ana", 2)]
    assert history.standings(session.id, 1, 1).lines == shown.lines[1:]
    line = history.line(session.id, ANA.user_id)
    assert line is not None
    assert line.place == 2
    account = await history.account(session.id, KING.user_id)
    assert account.points == 15
    other = await evening.session("bob")
    await history.open_board(other.id)
    assert history.standings(other.id).people == 0
    assert history.standings(session.id).people == 0


async def test_events_come_by_type_in_pages_as_lines_of_the_log(evening) -> None:
    texts = [f"number {number}" for number in range(25)]
    session = await evening.session("ana", batch(*(chat(text, ANA) for text in texts), gift(5, 3), like(2, 9)))
    await evening.session("bob", batch(chat("elsewhere", KING)))
    seen: list[str] = []
    before: int | None = None
    while page := await evening.history.events(session.id, ["chat"], before, limit=10):
        seen += [event.row[TEXT] for event in page]
        before = page[-1].id
    assert seen == texts[::-1]
    [one] = await evening.history.events(session.id, {"gift"})
    assert (one.row[TYPE], one.row[NICKNAME], one.row[COINS], one.row[DATA].count_delta) == (
        "gift",
        KING.nickname,
        15,
        3,
    )
    assert len(await evening.history.events(session.id, None)) == 27


async def test_data_that_cannot_be_read_is_shown_all_the_same(evening) -> None:
    session = await evening.session("ana", batch(gift(5, 3)))
    async with evening.recorder.writing() as database:
        await database.execute('UPDATE event_rows SET head = 1, tail = \'{"coins_delta": "many"}\'')
    [one] = await evening.history.events(session.id, None)
    assert one.row[TYPE] == "other"


async def test_a_deleted_session_is_gone_at_once_and_leaves_nothing(evening) -> None:
    gone = await evening.session("ana", batch(chat("ancient words", KING), gift(5, 3)))
    kept = await evening.session("bob", batch(chat("young words", ANA)))
    await sessions.add_gap(evening.recorder, gone, NOW_MS, NOW_MS + 5, "cut")
    await evening.history.open_board(gone.id)
    assert gone.id in await evening.history.delete(gone.id)
    assert [each.id for each in await evening.history.sessions()] == [kept.id]
    assert [each.id for each in await sessions.listed(evening.recorder._database)] == [kept.id]
    assert evening.history.standings(gone.id).people == 0
    with pytest.raises(StreamError, match="no session"):
        await evening.history.facts(gone.id)
    await until_gone(evening)
    assert evening.query("SELECT id FROM sessions") == [(kept.id,)]
    assert evening.query("SELECT message FROM events") == [("young words",)]
    tables = ("gaps", "score_actions", "score_moves")
    assert [evening.query(f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * 3
    assert evening.query("SELECT user_id FROM score_rows") == [(ANA.user_id,)]


async def test_deleting_goes_on_after_a_restart(evening) -> None:
    gone = await evening.session("ana", batch(chat("ancient words", KING)))
    from tui_live.store.past import mark_deleted

    assert await mark_deleted(evening.recorder, gone.id)
    assert not await mark_deleted(evening.recorder, gone.id)
    await evening.history.remove_deleted()
    assert evening.query("SELECT count(*) FROM event_rows") == [(0,)]
    assert evening.query("SELECT count(*) FROM sessions") == [(0,)]


async def test_a_session_under_way_is_not_deleted(evening) -> None:
    session = await evening.session("ana", batch(chat("hi")), status="active")
    with pytest.raises(StreamError, match="under way"):
        await evening.history.delete(session.id)
    assert len(await evening.history.sessions()) == 1


async def test_a_replay_looks_and_exports_but_changes_nothing(evening, tmp_path) -> None:
    session = await evening.session("ana", batch(chat("hi")))
    reading = History(evening.path, RULES)
    assert [each.id for each in await reading.sessions()] == [session.id]
    assert "replay" in str(reading.refuses())
    for command in (reading.resume, reading.delete):
        with pytest.raises(StreamError, match="This is a replay"):
            await command(session.id)
    assert await reading.export(session.id, "jsonl", tmp_path / "x.jsonl", print) == 1
    await reading.close()


async def test_who_was_erased_cannot_be_resumed(evening) -> None:
    session = await evening.session("erased")
    with pytest.raises(StreamError, match="was erased"):
        await evening.history.resume(session.id)


# Export


async def test_an_export_is_named_after_streamer_and_start_and_replaces_nothing(evening, own_home) -> None:
    session = await evening.session("a/../b c", batch(chat("hi", ANA)))
    listed = await evening.history.session(session.id)
    first = evening.history.export_file(listed, "jsonl")
    assert first.parent == Path.cwd()
    assert first.name.startswith("a_.._b_c-2")
    told: list[tuple[int, int]] = []
    assert await evening.history.export(session.id, "jsonl", first, lambda *done: told.append(done)) == 1
    await asyncio.sleep(0)
    assert told[-1] == (1, 1)
    assert json.loads(first.read_text())["message"] == "hi"
    second = evening.history.export_file(listed, "jsonl")
    assert second.name == first.name.replace(".jsonl", "-2.jsonl")
    with pytest.raises(ExportError, match="there already"):
        await evening.history.export(session.id, "jsonl", first, print)


async def test_a_cancelled_export_leaves_no_file(evening, own_home) -> None:
    session = await evening.session("ana", batch(*(chat(f"n {number}") for number in range(5000))))
    target = Path.cwd() / "x.jsonl"

    def stop(done: int, whole: int) -> None:
        exporting.cancel()

    exporting = asyncio.ensure_future(evening.history.export(session.id, "jsonl", target, stop))
    with pytest.raises(asyncio.CancelledError):
        await exporting
    assert list(Path.cwd().iterdir()) == []


async def test_an_export_that_is_cancelled_again_and_again_leaves_no_file_either(
    evening, own_home, monkeypatch
) -> None:
    monkeypatch.setattr("tui_live.store.export._CHUNK", 1)  # many slices, and so many cancellations
    session = await evening.session("ana", batch(*(chat(f"n {number}") for number in range(2000))))
    target = Path.cwd() / "x.jsonl"

    def stop(done: int, whole: int) -> None:
        exporting.cancel()
        asyncio.get_running_loop().call_soon(exporting.cancel)

    exporting = asyncio.ensure_future(evening.history.export(session.id, "jsonl", target, stop))
    with pytest.raises(asyncio.CancelledError):
        await exporting
    assert list(Path.cwd().iterdir()) == []


async def test_where_the_working_folder_cannot_be_written_another_is_taken(evening, own_home, monkeypatch) -> None:
    import os

    session = await evening.history.session((await evening.session("ana")).id)
    here = Path.cwd()
    monkeypatch.setattr(os, "access", lambda folder, mode: Path(folder) != here)
    assert evening.history.export_file(session, "csv").parent != here
