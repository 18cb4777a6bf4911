"""Counted again from the database, scores are what they were live; under other rules, what those say."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, gift, like, share
from tests.store.evening import OTHERS, RULES, Evening, counted_again, picture, play, question, steps
from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import Person
from tui_live.errors import StoreError, StreamError
from tui_live.store import rescore as module
from tui_live.store.boards import load_board
from tui_live.store.database import WriterLock
from tui_live.store.rescore import rescore

PASCAL = Person("6900000000000000003", "pascal", "Pascal")


def query(path: Path, sql: str, *parameters: object) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(sql, parameters).fetchall()


def plays_the_same(script: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"

        async def check() -> None:
            evening, restarted = await play(path, script)
            again = await counted_again(path, evening.session)
            seen = not restarted  # written about once a minute only
            assert picture(again, last_seen=seen) == picture(evening.board, last_seen=seen)
            result = await rescore(path, evening.session.id, RULES)
            assert not result, result

        asyncio.run(check())


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_live_and_counted_again_are_the_same_whatever_happened(script) -> None:
    plays_the_same(script)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(steps, steps, steps, st.just(("restart", None))), max_size=25))
def test_the_same_with_restarts_in_between(script) -> None:
    plays_the_same(script)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(steps, steps, steps, st.just(("restart", None))), max_size=25))
def test_kept_scores_are_what_other_rules_say_and_lead_back(script) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"

        async def check() -> None:
            evening, _ = await play(path, script)
            session = evening.session
            before = query(path, "SELECT user_id, points, used_points FROM scores ORDER BY user_id")
            await rescore(path, session.id, OTHERS, write=True)
            assert not await rescore(path, session.id, OTHERS)
            await rescore(path, session.id, RULES, write=True)
            assert not await rescore(path, session.id, RULES)
            assert query(path, "SELECT user_id, points, used_points FROM scores ORDER BY user_id") == before

        asyncio.run(check())


async def test_a_result_says_who_and_by_how_much_and_is_kept_on_request(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    evening.add(gift(5, 2, KING), like(30, 900, ANA), chat("hi", PASCAL))
    evening.do("reset", ANA.user_id)
    evening.add(like(1, 901, ANA))
    await recorder.flush()
    result = await rescore(path, evening.session.id[:4], OTHERS)
    told = [(each.person.handle, each.before.present, each.after.present) for each in result.differences]
    assert told == [("king", 75, 10), ("pascal", Fraction(1, 4), 1), ("ana", Fraction(1, 15), Fraction(1, 11))]
    ana = result.differences[2]
    assert (ana.before.used, ana.after.used) == (2, Fraction(30, 11))
    assert (result.people, result.before.present) == (3, 75 + Fraction(1, 4) + Fraction(1, 15))
    assert await rescore(path, evening.session.id, OTHERS) == result
    assert not await rescore(path, evening.session.id, RULES)
    assert await rescore(path, evening.session.id, OTHERS, write=True) == result
    assert query(path, "SELECT username, points FROM scores ORDER BY points") == [
        ("ana", pytest.approx(1 / 11)),
        ("pascal", 1.0),
        ("king", 10.0),
    ]
    assert not await rescore(path, evening.session.id, OTHERS)


async def test_a_session_without_scores_gets_them(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    made = batch(gift(5, 2, KING), chat("hi", ANA))
    evening.session.totals.add(made)
    recorder.put(evening.session.id, made, evening.session.totals)
    await recorder.flush()
    result = await rescore(path, evening.session.id, RULES, write=True)
    assert [(each.person.handle, each.before, each.after.present) for each in result.differences] == [
        ("king", None, 75),
        ("ana", None, Fraction(1, 4)),
    ]
    assert query(path, "SELECT total_users FROM sessions") == [(2,)]
    assert not await rescore(path, evening.session.id, RULES)


async def test_what_stands_on_the_board_stays(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    evening.add(gift(5, 2, KING), like(300, 900, ANA))
    evening.do("ask", question(ANA, 1))
    evening.do("ask", question(KING, 2))
    evening.do("pick_winner")
    await recorder.flush()
    await rescore(path, evening.session.id, OTHERS, write=True)
    board = await load_board(recorder._database, evening.session.id, OTHERS)
    assert (board.ranking.winner, board.ranking.paused) == (KING.user_id, True)
    assert (board.desk.shown.msg_id, [each.msg_id for each in board.desk.waiting]) == (1, [2])
    assert board.ranking.stretch(0, 1)[0].person.user_id == ANA.user_id


async def test_a_reset_can_be_undone_after_scores_were_counted_again(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    evening.add(like(77, 900, ANA))
    evening.do("reset", ANA.user_id)
    await recorder.flush()
    await rescore(path, evening.session.id, OTHERS, write=True)
    evening.rules = OTHERS
    await evening.restart()
    await evening.undo()
    someone = evening.board.ranking.people[ANA.user_id]
    assert (someone.now.points, someone.used.points) == (7 * OTHERS.scale, 0)
    await recorder.flush()
    assert not await rescore(path, evening.session.id, OTHERS)


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE score_moves SET tally = 'x'",
        "UPDATE score_moves SET tally = replace(tally, '[', '[1')",
        "DELETE FROM score_moves",
    ],
)
async def test_what_a_reset_moved_is_repaired_where_only_that_is_broken(recorder, path, broken) -> None:
    evening = await Evening.begin(recorder)
    evening.add(like(30, 900, ANA), gift(5, 2, KING))
    evening.do("reset_all")
    await recorder.flush()
    before = query(path, "SELECT * FROM score_moves")
    assert len(before) == 2
    assert not await rescore(path, evening.session.id, RULES)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(broken)
    assert (await rescore(path, evening.session.id, RULES, write=True)).repaired
    assert query(path, "SELECT * FROM score_moves") == before
    assert not await rescore(path, evening.session.id, RULES)


async def test_other_sessions_keep_what_they_have(recorder, path) -> None:
    first, second = await Evening.begin(recorder), await Evening.begin(recorder)
    for evening in (first, second):
        evening.add(like(30, 900, ANA), share(KING))
        evening.do("reset", ANA.user_id)
    await recorder.flush()
    tables = ("score_rows", "score_actions", "score_moves")
    number = "(SELECT number FROM sessions WHERE id = ?)"
    before = [query(path, f"SELECT * FROM {table} WHERE session = {number}", second.session.id) for table in tables]
    await rescore(path, first.session.id, OTHERS, write=True)
    after = [query(path, f"SELECT * FROM {table} WHERE session = {number}", second.session.id) for table in tables]
    assert before == after


async def test_a_preview_changes_nothing_and_needs_no_lock(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    evening.add(like(30, 900, ANA))
    await recorder.flush()
    before = query(path, "SELECT * FROM score_rows"), query(path, "SELECT * FROM sessions")
    lock = WriterLock(path)
    lock.acquire()
    assert await rescore(path, evening.session.id, OTHERS)
    with pytest.raises(StoreError, match="Another TUI Live"):
        await rescore(path, evening.session.id, OTHERS, write=True)
    lock.release()
    assert (query(path, "SELECT * FROM score_rows"), query(path, "SELECT * FROM sessions")) == before


async def test_cancelled_it_leaves_everything_as_it_was(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    evening.add(like(30, 900, ANA))
    await recorder.flush()
    before = query(path, "SELECT * FROM score_rows"), query(path, "SELECT * FROM sessions")
    rescoring = asyncio.ensure_future(
        rescore(path, evening.session.id, OTHERS, write=True, told=lambda _: rescoring.cancel())
    )
    with pytest.raises(asyncio.CancelledError):
        await rescoring
    assert (query(path, "SELECT * FROM score_rows"), query(path, "SELECT * FROM sessions")) == before


async def test_once_it_is_being_kept_it_is_kept(recorder, path, monkeypatch) -> None:
    evening = await Evening.begin(recorder)
    evening.add(like(77, 900, ANA))
    await recorder.flush()
    commit = module._commit

    async def interrupted(database) -> None:
        rescoring.cancel()
        await commit(database)

    monkeypatch.setattr(module, "_commit", interrupted)
    rescoring = asyncio.ensure_future(rescore(path, evening.session.id, OTHERS, write=True))
    assert await rescoring
    assert query(path, "SELECT points FROM scores") == [(7.0,)]


async def test_progress_goes_up_to_the_end(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    for _ in range(5):
        evening.add(*(like(1, 900, ANA) for _ in range(1000)))
    await recorder.flush()
    shares: list[float] = []
    await rescore(path, evening.session.id, RULES, progress=shares.append)
    assert shares == sorted(shares)
    assert (len(shares) > 1, shares[-1]) == (True, 1.0)


async def test_a_session_that_is_not_there(recorder, path, tmp_path) -> None:
    evening = await Evening.begin(recorder)
    assert not await rescore(path, evening.session.id, RULES, write=True)
    with pytest.raises(StreamError, match="no session"):
        await rescore(path, "zzzz", RULES)
    with pytest.raises(StoreError, match="no database"):
        await rescore(tmp_path / "none.db", "zzzz", RULES)


async def test_numbers_as_large_as_they_can_be_sent_make_no_difference_either(recorder, path) -> None:
    evening = await Evening.begin(recorder)
    most = 2**31 - 1
    for number in range(8):
        evening.add(gift(most, most, KING), like(2**40, 2**62, KING))
        if number % 3 == 2:
            await evening.restart()
        evening.do("reset", KING.user_id)
    await recorder.flush()
    assert not await rescore(path, evening.session.id, RULES)
    for _ in range(8):
        await evening.undo()
    await recorder.flush()
    assert recorder.trouble == ""
    assert not await rescore(path, evening.session.id, RULES)
    assert await rescore(path, evening.session.id, OTHERS, write=True)


def test_thousands_of_questions_cost_nothing() -> None:
    board = Board(RULES)
    for number in range(20_000):
        board.count(Action(number + 1, Deed.EXPIRE, NOW_MS, question=question(ANA)))
    assert len(board.actions) == 20_000


async def test_who_was_reset_just_before_everybody_was_is_not_given_back_with_everybody(path) -> None:
    script = [
        ("events", [chat("a", ANA), chat("b", KING)]),
        ("restart", None),
        ("reset", 1),
        ("reset_all", None),
        ("restart", None),
        ("undo", None),
    ]
    evening, _ = await play(path, script)
    people = evening.board.ranking.people
    assert (people[ANA.user_id].now.comments, people[KING.user_id].now.comments) == (1, 0)
    assert not await rescore(path, evening.session.id, RULES)
