"""Whatever is broken in a session's scores, or refuses to be written: nothing else is lost with it."""

from __future__ import annotations

import asyncio
import sqlite3

import msgspec
import pytest

from tests.store.conftest import ANA, NOW_MS, batch, chat, like
from tests.store.shows import ASKED, RULES, Show, picture, rows
from tui_live.core.board import Board, Deed
from tui_live.core.scoring import Rules
from tui_live.core.tally import MOST, Tally
from tui_live.errors import StoreError
from tui_live.store import writing
from tui_live.store.batches import BatchWriter
from tui_live.store.boards import load_actions_in_place, load_board, load_moves
from tui_live.store.rescore import rescore


@pytest.fixture
async def show(recorder) -> Show:
    return await Show.begin(recorder)


async def test_a_batch_that_cannot_be_written_takes_no_score_and_no_action_with_it(show, reader) -> None:
    show.put(like(15, 1), msgspec.structs.replace(chat("bad", time_ms=2**70), user=None))
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    show.put(like(30, 2))
    await show.recorder.flush()
    assert await rows(reader, "SELECT likes, used_points FROM scores") == [(30, 1.0)]
    assert await rows(reader, "SELECT deed FROM score_actions") == [("reset",)]


@pytest.mark.parametrize("more", [[], [chat("two")]])
async def test_scores_that_cannot_be_written_take_no_event_and_no_other_session_with_them(show, reader, more) -> None:
    other = await Show.begin(show.recorder, name="other")
    show.board.add(batch(chat("from nowhere", time_ms=2**70)))
    show.put(chat("one"))
    if more:
        other.put(*more)
    else:
        other.do(other.board.pause(NOW_MS))
    await show.recorder.flush()
    show.put(chat("three"))
    await show.recorder.flush()
    said = [row[0] for row in await rows(reader, "SELECT message FROM events ORDER BY id")]
    assert said == ["one", *(each.text for each in more), "three"]
    assert await rows(reader, "SELECT total_events FROM sessions WHERE id = ?", show.session.id) == [(2,)]
    assert picture(await load_board(reader, other.session.id, RULES)) == picture(other.board)


async def test_a_disk_that_is_full_for_a_while_loses_no_score_and_no_action(show, reader, monkeypatch) -> None:
    failures = [sqlite3.OperationalError("database or disk is full")] * 2
    write = BatchWriter.write

    async def failing(self, *work) -> None:
        if failures:
            raise failures.pop()
        await write(self, *work)

    monkeypatch.setattr(BatchWriter, "write", failing)
    monkeypatch.setattr(writing, "_RETRY_SECONDS", 0.01)
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    flush = asyncio.create_task(show.recorder.flush())
    await asyncio.sleep(0)
    show.put(chat("meanwhile"))
    show.do(show.board.pause(NOW_MS))
    await flush
    await show.recorder.flush()
    assert picture(await load_board(reader, show.session.id, RULES)) == picture(show.board)
    assert [after for after, _ in await load_actions_in_place(reader, show.session.id)] == [1, 2]


@pytest.mark.parametrize(
    "board", ["{", "[]", "7", '{"scale": 0}', '{"scale": "x"}', '{"scale": 30, "paused": 3}', '{"waiting": [1]}', ""]
)
async def test_a_board_whose_state_is_broken_goes_on_and_is_written_again(show, reader, board) -> None:
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        await database.execute("UPDATE sessions SET board = ?", (board,))
    told: list[str] = []
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, RULES, told=told.append))
    assert "rescore" in told[0]
    assert not again.board.ranking.paused
    again.put(like(15, 2))
    await show.recorder.flush()
    told.clear()
    loaded = await load_board(reader, show.session.id, RULES, told=told.append)
    assert picture(loaded) == picture(again.board)
    assert told == []


async def test_what_was_done_and_cannot_be_read_is_left_out_and_its_number_is_not_used_again(show, reader) -> None:
    show.put(like(15, 1))
    for _ in range(3):
        show.do(show.board.pause(NOW_MS))
    show.do(show.board.ask(ASKED, NOW_MS))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        for number, column, value in ((2, "time_ms", "soon"), (4, "question", "{"), (5, "deed", "dance")):
            await database.execute(f"UPDATE score_actions SET {column} = ? WHERE number = ?", (value, number))
    found = [action for _, action in await load_actions_in_place(reader, show.session.id)]
    assert [(action.number, action.deed, action.question) for action in found] == [
        (1, Deed.PAUSE, None),
        (3, Deed.PAUSE, None),
        (4, Deed.ASK, None),
    ]
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, RULES))
    assert again.do(again.board.reset(ANA.user_id, NOW_MS)).number == 6
    again.do(again.board.undo(NOW_MS))
    await show.recorder.flush()
    loaded = await load_board(reader, show.session.id, RULES)
    assert [(action.number, action.target) for action in loaded.actions[-2:]] == [(6, 0), (7, 6)]


async def test_an_action_never_takes_the_place_of_another(show, reader) -> None:
    stale = Show(show.recorder, show.session, Board(RULES))
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    stale.board.add(batch(like(15, 1)))
    stale.do(stale.board.reset(ANA.user_id, NOW_MS))
    stale.do(stale.board.undo(NOW_MS))
    await show.recorder.flush()
    done = await rows(reader, "SELECT number, deed, target FROM score_actions ORDER BY number")
    assert done == [(1, "pause", 0), (2, "resume", 0), (3, "reset", 0), (4, "undo", 3)]
    assert await rows(reader, "SELECT action FROM score_moves") == [(3,)]


async def test_points_that_hostile_gifts_filled_up_stay_numbers_under_finer_units(show, reader) -> None:
    show.board.ranking.put(ANA, Tally(gift_points=MOST), Tally(), 1, 1)
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    await show.recorder.flush()
    finer = Rules.of(likes_per_point=(7, 11))
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, finer))
    again.do(again.board.pause(NOW_MS))
    await show.recorder.flush()
    assert (await load_board(reader, show.session.id, finer)).ranking.people[ANA.user_id].used.gift_points == MOST


@pytest.mark.parametrize(
    "sql", ["score_rows SET used = '[1.5e30]'", "score_rows SET likes = 'many'", "score_moves SET tally = '[0]'"]
)
async def test_scores_that_cannot_be_read_say_so_and_are_counted_again(show, reader, path, sql) -> None:
    show.put(like(15, 1))
    reset = show.do(show.board.reset(ANA.user_id, NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        await database.execute(f"UPDATE {sql}")
    with pytest.raises(StoreError, match="rescore"):
        await load_board(reader, show.session.id, RULES)
        await load_moves(reader, show.session.id, reset.number, RULES.scale)
    if "moves" not in sql:
        assert await rescore(path, show.session.id, RULES, write=True)
        assert picture(await load_board(reader, show.session.id, RULES)) == picture(show.board)
        assert not await rescore(path, show.session.id, RULES)
