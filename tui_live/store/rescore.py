"""``tui-live rescore``: a session's scores counted again from its events, under the rules of today.

Everything that was done to the board while it was live (resets, undos, pauses, winners) is done again at its place
among the events, by the same leaderboard, so that the same rules give the same scores. What stands on the board now
(pause, winner, questions) stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import aiosqlite
from msgspec import Struct

from tui_live.core.board import Board
from tui_live.core.events import Person
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.scoring import Rules
from tui_live.core.tally import Participant
from tui_live.errors import StoreError
from tui_live.store import sessions
from tui_live.store.boards import load_actions_in_place, load_bare_board, load_board, load_moves
from tui_live.store.database import WriterLock, open_reader, open_writer
from tui_live.store.recall import recall
from tui_live.store.scores import replace_scores
from tui_live.store.sessions import Session


class Points(Struct, frozen=True):
    """Exact points: those that count at present, and those that resets have put aside."""

    present: Fraction = Fraction(0)
    used: Fraction = Fraction(0)


class Difference(Struct, frozen=True):
    """Somebody whose score comes out another; ``None`` where they are not on the leaderboard."""

    person: Person
    before: Points | None
    after: Points | None

    @property
    def change(self) -> Fraction:
        """By how much the present points grow or (negative) shrink."""
        return (self.after or Points()).present - (self.before or Points()).present


class Rescored(Struct, frozen=True):
    """What came out: ``people`` are all on the leaderboard now, ``differences`` the largest first.

    ``reordered``: among people with equal points, others would stand first. ``repaired``: what was there cannot be
    read.
    """

    session: Session
    people: int
    before: Points
    after: Points
    differences: list[Difference]
    reordered: bool
    repaired: bool = False

    def __bool__(self) -> bool:
        return bool(self.differences or self.reordered or self.repaired)


async def rescore(
    path: Path,
    key: str,
    rules: Rules,
    *,
    write: bool = False,
    told: Callable[[Rescored], None] = lambda _: None,
    progress: Callable[[float], None] = lambda _: None,
) -> Rescored:
    """Count a session again; with ``write``, keep what comes out.

    ``key`` may be the beginning of a session's key. ``told`` hears the result before it is written, ``progress`` which
    share of the events is read. Cancelled before the end of writing, it leaves everything as it was. Raises
    :class:`StoreError`, with ``write`` also while another TUI Live records, and
    :class:`~tui_live.errors.StreamError` for a session that is not there.
    """
    if not path.exists():
        raise StoreError(f"There is no database at {path}", "record a stream first, or name another with --db")
    try:
        if not write:
            return await _preview(path, key, rules, told, progress)
        lock = WriterLock(path)
        lock.acquire()
        try:
            return await _write(path, key, rules, told, progress)
        finally:
            lock.release()
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be used: {error}", "nothing was changed") from error


async def count_again(
    database: aiosqlite.Connection, session: Session, rules: Rules, progress: Callable[[float], None] = lambda _: None
) -> Board:
    """The board that a session's events and actions lead to under ``rules``; nothing is written."""
    board = Board(rules)
    actions = iter(await load_actions_in_place(database, session.id))
    following = next(actions, None)
    ranking = board.ranking
    first, last = await _span(database, session.id)
    async with contextlib.aclosing(recall(database, session.id)) as slices:
        async for some in slices:
            for event_id, event in some:
                while following is not None and following[0] < event_id:
                    board.count(following[1])
                    following = next(actions, None)
                if event.user is not None:
                    ranking.add_event(event, event.user)
            progress((some[-1][0] - first + 1) / (last - first + 1))
    while following is not None:
        board.count(following[1])
        following = next(actions, None)
    return board


async def _preview(
    path: Path, key: str, rules: Rules, told: Callable[[Rescored], None], progress: Callable[[float], None]
) -> Rescored:
    database = await open_reader(path)
    try:
        # One view of everything, even while the session is being recorded.
        await database.execute("BEGIN")
        result, _ = await _compute(database, key, rules, progress)
    finally:
        await database.close()
    told(result)
    return result


async def _write(
    path: Path, key: str, rules: Rules, told: Callable[[Rescored], None], progress: Callable[[float], None]
) -> Rescored:
    database = await open_writer(path)
    try:
        try:
            await database.execute("BEGIN IMMEDIATE")
            result, board = await _compute(database, key, rules, progress)
            told(result)
            if result:
                await replace_scores(database, result.session.id, board)
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                await database.execute("ROLLBACK")
            raise
        ending = asyncio.ensure_future(_commit(database))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
    finally:
        await database.close()
    return result


async def _commit(database: aiosqlite.Connection) -> None:
    """End the transaction, and with it everything that an interruption could take back."""
    await database.execute("COMMIT")
    await database.close()


async def _compute(
    database: aiosqlite.Connection, key: str, rules: Rules, progress: Callable[[float], None]
) -> tuple[Rescored, Board]:
    session = await sessions.meant(database, key)
    progress(0.0)
    broken: list[str] = []
    try:
        stored = await load_board(database, session.id, rules, told=broken.append)
    except StoreError as error:  # that is what counting again is for
        broken.append(str(error))
        stored = await load_bare_board(database, session.id, rules)
    board = await count_again(database, session, rules, progress)
    ranking, before = board.ranking, stored.ranking
    ranking.paused, ranking.winner, board.desk = before.paused, before.winner, stored.desk
    differences = _differences(before, ranking)
    # Under other rules they are others, too; they are written along with the differences.
    if not broken and not differences and not await _moves_are(database, session.id, board, before.scale):
        broken.append("what a reset moved")
    result = Rescored(
        *(session, len(ranking), _sum(before), _sum(ranking), differences),
        reordered=not differences and list(before.people) != list(ranking.people),
        repaired=bool(broken),
    )
    return result, board


async def _moves_are(database: aiosqlite.Connection, session_id: str, board: Board, scale: int) -> bool:
    """Whether what each reset moved that can still be undone is kept, as the board has it: an undo would need it.

    ``scale`` suits the board's units and those of what is kept.
    """
    finer = scale // board.ranking.scale
    for action in board.actions:
        moved = board.moved(action.number)
        if moved is not None:
            try:
                kept = await load_moves(database, session_id, action.number, scale)
                if kept != {user_id: tally.times(finer) for user_id, tally in moved.items()}:
                    return False
            except StoreError:
                return False
    return True


def _differences(before: Leaderboard, after: Leaderboard) -> list[Difference]:
    """Whose score is another, the largest change first; then in the order in which they came."""
    finer = before.scale // after.scale  # a board from the database counts in units that suit both
    found = []
    for user_id, now in after.people.items():
        was = before.people.get(user_id)
        if was is None or not _same(was, now, finer):
            old = None if was is None else _points(was, before.scale)
            found.append(Difference(now.person, old, _points(now, after.scale)))
    for user_id, was in before.people.items():
        if user_id not in after.people:
            found.append(Difference(was.person, _points(was, before.scale), None))
    found.sort(key=lambda each: -abs(each.change))
    return found


def _same(was: Participant, now: Participant, finer: int) -> bool:
    """Whether both have the same behind them. When they were last seen is written about once a minute only."""
    return (
        was.now == now.now.times(finer)
        and was.used == now.used.times(finer)
        and was.followed == now.followed
        and was.first_ms == now.first_ms
    )


def _points(someone: Participant, scale: int) -> Points:
    return Points(Fraction(someone.now.points, scale), Fraction(someone.used.points, scale))


def _sum(ranking: Leaderboard) -> Points:
    people = ranking.people.values()
    present = sum(someone.now.points for someone in people)
    return Points(Fraction(present, ranking.scale), Fraction(sum(one.used.points for one in people), ranking.scale))


async def _span(database: aiosqlite.Connection, session_id: str) -> tuple[int, int]:
    """The ids of the first and the last event."""
    query = "SELECT coalesce(first_event_id, 0), coalesce(last_event_id, 0) FROM sessions WHERE id = ?"
    async with database.execute(query, (session_id,)) as cursor:
        row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)
