"""A session's board back from the database: everybody's score, what was done, places over time.

What somebody or something has broken there is told, and left out or counted again: it keeps no stream from recording.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec
from msgspec import structs

from tui_live.core.board import Action, Board, BoardState, Deed
from tui_live.core.events import Person
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.core.tally import NOTHING, Participant, Tally
from tui_live.errors import StoreError
from tui_live.store import reading
from tui_live.store.scores import UNREADABLE, scale_of

log = logging.getLogger(__name__)

#: Rows that are fetched at a time.
_SLICE = 5_000
_ROWS = """
SELECT number, user_id, first_ms, last_ms, followed, gift_points, like_points, comment_points, follow_points,
    share_points, coins, gifts, likes, comments, follows, shares, used
FROM score_rows WHERE session = (SELECT number FROM sessions WHERE id = ?) ORDER BY number
"""
#: What a leaderboard says of people. What else is known of them comes with whatever they do next.
_SHOWN = "u.user_id, u.username, u.display_name, u.avatar_url, u.follow_status"
#: Reading everybody in order costs a third of looking each up, so it pays for a session of most of them.
_ALL = "users u"
_SOME = (
    "score_rows r JOIN users u ON u.user_id = r.user_id WHERE r.session = (SELECT number FROM sessions WHERE id = ?)"
)
_MANY = 3
_SIZES = "SELECT board, total_users, (SELECT coalesce(max(number), 0) FROM user_names) FROM sessions WHERE id = ?"
_numbers = msgspec.json.Decoder(list[int])
_question = msgspec.json.Decoder(Question)
_state = msgspec.json.Decoder(BoardState)
_badges = msgspec.json.Decoder(tuple[str, ...])


async def load_board(
    database: aiosqlite.Connection,
    session_id: str,
    rules: Rules,
    *,
    told: Callable[[str], None] = lambda _: None,
) -> Board:
    """The board of a session as it was written, to go on under ``rules``.

    A hundred thousand people take about half a second, in threads, so that everything else goes on. What stood on the
    board and cannot be read begins anew, and is ``told``. Raises :class:`~tui_live.errors.StoreError` when the scores
    themselves cannot be read.
    """
    try:
        return await _load_board(database, session_id, rules, told)
    except sqlite3.Error:
        raise
    except Exception as error:
        log.exception("the scores of session %s cannot be read", session_id)
        raise StoreError(*_cannot_be_read(session_id, error)) from error


async def load_bare_board(
    database: aiosqlite.Connection, session_id: str, rules: Rules, told: Callable[[str], None] = lambda _: None
) -> Board:
    """A session's board without anybody's scores: what stands on it and what was done."""
    async with database.execute(_SIZES, (session_id,)) as cursor:
        found = await cursor.fetchone()
    board = Board(rules)
    actions = await load_actions(database, session_id)
    query = "SELECT max(number) FROM score_actions WHERE session = (SELECT number FROM sessions WHERE id = ?)"
    async with database.execute(f"{query} AND typeof(number) = 'integer'", (session_id,)) as cursor:
        row = await cursor.fetchone()
    if row is not None and row[0] is not None and (not actions or row[0] > actions[-1].number):
        # The last one cannot be read: something without effect keeps its number.
        actions.append(Action(row[0], Deed.EXPIRE, 0))
    board.resume(_read_state(session_id, found[0] if found else "{}", rules, told), actions)
    return board


async def _load_board(
    database: aiosqlite.Connection, session_id: str, rules: Rules, told: Callable[[str], None]
) -> Board:
    board = await load_bare_board(database, session_id, rules, told)
    async with database.execute(_SIZES, (session_id,)) as cursor:
        found = await cursor.fetchone()
    text, users, names = found or ("{}", 0, 0)
    finer = board.ranking.scale // (scale_of(text) or board.ranking.scale)
    async with database.execute("SELECT file FROM pragma_database_list WHERE name = 'main'") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    # In one thread from beginning to end: handing slices to and fro would take longer than the work.
    await asyncio.to_thread(
        _restore_everybody, Path(row[0]), session_id, board.ranking, finer, most=names <= _MANY * users
    )
    query = (
        "SELECT user_id, place FROM score_places p WHERE session = (SELECT number FROM sessions WHERE id = ?)"
        " AND time_ms = (SELECT max(time_ms) FROM score_places l WHERE l.session = p.session AND l.user_id = p.user_id)"
    )
    async with database.execute(query, (session_id,)) as cursor:
        board.movement.resume({row[0]: row[1] for row in await cursor.fetchall() if row[1]})
    return board


def _restore_everybody(path: Path, session_id: str, ranking: Leaderboard, finer: int, *, most: bool) -> None:
    """Read all participants of a session into a new ranking, and put them in order.

    ``most``: the session has most of the people in the database. Blocks for half a second per hundred thousand.
    """
    known: dict[str, Person] = {}
    with contextlib.closing(reading.connect(path)) as database:
        query = f"SELECT {_SHOWN} FROM {_ALL if most else _SOME}"  # noqa: S608 - text of ours
        for rows in _slices(database.execute(query, () if most else (session_id,))):
            for user_id, handle, nickname, avatar, status in rows:
                known[user_id] = Person(user_id, handle, nickname, avatar, follow_status=status)
        for rows in _slices(database.execute(_ROWS, (session_id,))):
            ranking.restore(_participants(rows, known, finer))
    ranking.restored()


async def load_actions(database: aiosqlite.Connection, session_id: str) -> list[Action]:
    """Everything that was done in a session, in order."""
    return [action for _, action in await load_actions_in_place(database, session_id)]


async def load_actions_in_place(database: aiosqlite.Connection, session_id: str) -> list[tuple[int, Action]]:
    """The same, each with the id of the last event before it. What cannot be read is left out."""
    query = (
        "SELECT after_event, number, deed, time_ms, user_id, target, question FROM score_actions"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) ORDER BY number"
    )
    async with database.execute(query, (session_id,)) as cursor:
        rows = [tuple(row) for row in await cursor.fetchall()]
    done = []
    for after, *row in rows:
        try:
            done.append((msgspec.convert(after, int), _action(session_id, row)))
        except UNREADABLE as error:
            log.error("action %s of session %s cannot be read and is left out: %s", row[0], session_id, error)
    return done


async def load_moves(database: aiosqlite.Connection, session_id: str, number: int, scale: int) -> dict[str, Tally]:
    """What the reset with this number moved, by user id, in units of ``1 / scale``, the board's.

    Raises :class:`~tui_live.errors.StoreError` when it cannot be read.
    """
    query = (
        "SELECT user_id, tally FROM score_moves"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) AND action = ?"
    )
    async with database.execute(query, (session_id, number)) as cursor:
        rows = [(row[0], row[1]) for row in await cursor.fetchall()]
    try:
        return await asyncio.to_thread(_moved, rows, scale)
    except UNREADABLE as error:
        raise StoreError(*_cannot_be_read(session_id, error)) from error


def _moved(rows: list[tuple[str, Any]], scale: int) -> dict[str, Tally]:
    """The best first, as a board has them."""
    moved = [(user_id, _numbers.decode(tally)) for user_id, tally in rows]
    tallies = [(user_id, Tally(*values).times(scale // of)) for user_id, (*values, of) in moved]
    return dict(sorted(tallies, key=lambda each: -each[1].points))


async def places(database: aiosqlite.Connection, session_id: str, user_id: str) -> list[tuple[int, int]]:
    """A person's places over time: (UTC ms, place), each until the next; place 0 is behind the first hundred."""
    query = (
        "SELECT time_ms, place FROM score_places"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) AND user_id = ? ORDER BY time_ms"
    )
    async with database.execute(query, (session_id, user_id)) as cursor:
        return [(row[0], row[1]) for row in await cursor.fetchall()]


def _slices(cursor: sqlite3.Cursor) -> Iterator[list[Any]]:
    """All rows in slices."""
    while rows := cursor.fetchmany(_SLICE):
        yield rows


def read_badges(text: Any) -> tuple[str, ...]:
    """Somebody's badges as ``users`` has them; none where they cannot be read."""
    with contextlib.suppress(*UNREADABLE):
        return _badges.decode(text)
    return ()


def _read_state(session_id: str, text: Any, rules: Rules, told: Callable[[str], None]) -> BoardState:
    """What stood on the board. Unreadable, it begins anew, in the units of today's rules where its own are unknown."""
    scale = scale_of(text)
    try:
        state = _state.decode(text)
    except UNREADABLE as error:
        state, why = BoardState(), str(error)
    else:
        if scale is not None:
            return state
        why = f"scale {state.scale}"
    line = f"What stood on the board of session {session_id} cannot be read ({why}): it begins anew"
    log.error("%s", line)
    told(f"{line} — tui-live rescore {session_id} --apply makes sure of the scores")
    return structs.replace(state, scale=scale or rules.scale)


def _action(session_id: str, row: Sequence[Any]) -> Action:
    """Raises what decoding raises; only the comment may be missing."""
    number, deed, time_ms, user_id, target, text = row
    question = None
    try:
        question = _question.decode(text) if text else None
    except UNREADABLE as error:
        log.error("the comment of action %s in session %s cannot be read: %s", number, session_id, error)
    return Action(
        *(msgspec.convert(number, int), Deed(deed), msgspec.convert(time_ms, int)),
        *(msgspec.convert(user_id or "", str), msgspec.convert(target, int)),
        question=question,
    )


def _cannot_be_read(session_id: str, error: Exception) -> tuple[str, str]:
    return (
        f"The scores of session {session_id} cannot be read ({error})",
        f"close TUI Live; tui-live rescore {session_id} --apply counts them again from its events",
    )


def _participants(rows: list[Any], known: dict[str, Person], finer: int) -> Iterator[Participant]:
    """Raises ``TypeError`` for points that are no numbers, and what decoding raises."""
    for row in rows:
        number, user_id, first_ms, last_ms, followed = row[:5]
        values, text = row[5:-1], row[-1]
        if type(sum(values)) is not int:
            raise TypeError(f"{user_id} has points that are no whole numbers")
        now, used = Tally(*values), Tally(*_numbers.decode(text)) if text else NOTHING
        if finer > 1:
            now, used = now.times(finer), used.times(finer)
        person = known.get(user_id) or Person(str(user_id), "")
        yield Participant(person, number, first_ms, last_ms, now, used, bool(followed), saved_ms=last_ms)
