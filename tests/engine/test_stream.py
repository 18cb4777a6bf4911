"""What a stream does with its sessions when the operator, the retention and the disk meet."""

from __future__ import annotations

import asyncio

import pytest

from tests.store.conftest import ANA, NOW_MS, batch, chat, like, path, reader, recorder  # noqa: F401
from tui_live.core.board import Board, Deed
from tui_live.core.log import LogModel
from tui_live.core.scoring import Rules
from tui_live.engine.scores import Scores
from tui_live.engine.stream import Stream
from tui_live.errors import BoardError, StreamError
from tui_live.store import sessions
from tui_live.store.boards import load_board, load_moves
from tui_live.store.past import mark_deleted
from tui_live.tiktok.connection import RoomInfo

RULES = Rules.of()


@pytest.fixture
def stream(recorder, reader) -> Stream:  # noqa: F811
    return Stream("ana", 0, recorder, reader, LogModel(100), 300, RULES, lambda: None)


async def live(stream: Stream, room_id: str = "7") -> str:
    """Go live; the key of the session."""
    await stream.opened(room_id, RoomInfo())
    assert stream.sessions.current is not None
    return stream.sessions.current.id


def put_action(stream: Stream, action) -> None:
    stream._recorder.put_action(stream.sessions.key, stream.sessions.board, action)


async def deeds(stream: Stream, key: str) -> list[Deed]:
    return [action.deed for action in (await load_board(stream._reader, key, RULES)).actions]


async def test_a_resume_keeps_what_still_waits_to_be_written(stream) -> None:
    key = await live(stream)
    await stream.publish(batch(like(30, 30)))
    await stream.leave("stopped")
    put_action(stream, stream.sessions.board.reset_all(NOW_MS))
    board = stream.sessions.board
    await stream.sessions.resume(key)
    assert stream.sessions.board is board
    await live(stream)
    assert stream.sessions.board is board
    put_action(stream, stream.sessions.board.pause(NOW_MS))
    await stream._recorder.flush()
    assert await deeds(stream, key) == [Deed.RESET_ALL, Deed.PAUSE]


async def test_a_resume_of_another_session_reads_what_was_done_to_it_just_now(stream) -> None:
    first = await live(stream)
    await stream.publish(batch(like(30, 30)))
    await stream.sessions.begin_new()
    second = stream.sessions.key
    await stream.sessions.resume(first)
    put_action(stream, stream.sessions.board.pause(NOW_MS))
    await stream.sessions.resume(second)
    await stream.sessions.resume(first)
    assert stream.sessions.board.ranking.paused
    assert await deeds(stream, first) == [Deed.PAUSE]


async def test_an_undo_that_waits_never_reaches_the_next_session(stream) -> None:
    first = await live(stream)
    await stream.publish(batch(like(30, 30)))
    put_action(stream, stream.sessions.board.reset_all(NOW_MS))
    await stream._recorder.flush()
    stream.sessions.board = await load_board(stream._reader, first, RULES)
    asked = asyncio.Event()
    go = asyncio.Event()

    async def moves(name: str, number: int):
        asked.set()
        await go.wait()
        return await load_moves(stream._reader, first, number, RULES.scale)

    scores = Scores(
        lambda: {"ana": stream.sessions.board}, lambda *each: put_action(stream, each[2]), moves, None, None
    )  # type: ignore[arg-type]
    undoing = asyncio.create_task(scores.undo("ana"))
    await asked.wait()
    await stream.sessions.begin_new()
    go.set()
    with pytest.raises(BoardError, match="another session"):
        await undoing
    await stream._recorder.flush()
    assert await deeds(stream, first) == [Deed.RESET_ALL]
    assert await deeds(stream, stream.sessions.key) == []


async def test_a_wish_holds_until_it_is_fulfilled_stopped_or_another_is_made(stream, reader) -> None:  # noqa: F811
    first = await live(stream)
    await stream.sessions.begin_new()
    second = stream.sessions.key
    await stream.ended(NOW_MS)
    await stream.sessions.resume(first)
    assert await sessions.wished(reader, "ana") == first
    await stream.sessions.resume(second)
    assert await sessions.wished(reader, "ana") == second
    await stream.leave("TUI Live was closed")
    assert await sessions.wished(reader, "ana") == second
    with pytest.raises(StreamError, match="as soon as"):
        await stream.sessions.part_with(second, lambda: mark_deleted(stream._recorder, second))
    await stream.stopped()
    assert await sessions.wished(reader, "ana") == ""
    assert await stream.sessions.part_with(second, lambda: mark_deleted(stream._recorder, second))
    await stream.sessions.resume(first)
    await stream.sessions.begin_new()
    assert await sessions.wished(reader, "ana") == ""
    assert await live(stream, "8") not in (first, second)


async def test_a_wish_of_an_earlier_run_is_fulfilled(stream, reader) -> None:  # noqa: F811
    first = await live(stream)
    await stream.sessions.begin_new()
    await stream.ended(NOW_MS)
    assert await sessions.wish(stream._recorder, "ana", first)
    assert await live(stream, "8") == first
    assert await sessions.wished(reader, "ana") == ""


async def test_a_session_that_is_gone_when_the_stream_goes_live_is_not_waited_for(stream) -> None:
    first = await live(stream)
    await stream.ended(NOW_MS)
    await stream.sessions.resume(first)
    await mark_deleted(stream._recorder, first)
    assert await live(stream, "8") != first
    assert isinstance(stream.sessions.board, Board)
