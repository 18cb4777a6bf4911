"""A session's board in the database: everybody's score, what was done, places over time.

What changed is taken from the board at the moment at which a flush takes the events, and written in the same
transaction, so that scores are never ahead of the events nor behind them, however the program ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct, structs

from tui_live.core.board import Action, Board, BoardState, Deed
from tui_live.core.events import Person
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.core.tally import MOST, POINTS, TALLY_FIELDS, Participant, Tally

#: People made between two looks at everything else: some milliseconds.
_SLICE = 500
_INSERT = "INSERT OR REPLACE INTO score_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_ACTION = "INSERT OR REPLACE INTO score_actions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_MOVE = "INSERT OR REPLACE INTO score_moves VALUES (?, ?, ?, ?)"
_INSERT_PLACE = "INSERT OR REPLACE INTO score_places VALUES (?, ?, ?, ?, ?)"
_ROWS = """
SELECT number, user_id, first_ms, last_ms, followed, gift_points, like_points, comment_points, follow_points,
    share_points, coins, gifts, likes, comments, follows, shares, used
FROM score_rows WHERE session = (SELECT number FROM sessions WHERE id = ?) ORDER BY number
"""
#: What a leaderboard shows of people, and what else a session that goes on knows of them.
_SHOWN = "u.user_id, u.username, u.display_name, u.avatar_url, u.follow_status"
_WHOLE = (
    f"{_SHOWN}, u.bio, u.follower_count, u.following_count, u.verified, u.moderator, u.gifter_level, u.member_level,"
    " u.region, u.badges"
)
#: Reading everybody in order costs a third of looking each up, so it pays for a session of most of them.
_ALL = "users u"
_SOME = (
    "score_rows r JOIN users u ON u.user_id = r.user_id WHERE r.session = (SELECT number FROM sessions WHERE id = ?)"
)
_MANY = 3
_SIZES = "SELECT board, total_users, (SELECT coalesce(max(number), 0) FROM user_names) FROM sessions WHERE id = ?"
#: A session that goes on under rules with finer units (?2 instead of ?3 to the point): what is there follows.
_RESCALE = (
    f"""
UPDATE score_rows SET {", ".join(f"{name} = min({name} * (?2 / ?3), {MOST})" for name in TALLY_FIELDS[:POINTS])},
    used = CASE WHEN used IS NOT NULL THEN json_array(
        {", ".join(f"(used ->> {place}) * (?2 / ?3)" for place in range(POINTS))},
        {", ".join(f"used ->> {place}" for place in range(POINTS, len(TALLY_FIELDS)))}) END
WHERE session = ?1
""",  # noqa: S608 - names of ours
    "UPDATE score_places SET points = points * ?2 / ?3 WHERE session = ?1",
)
_encode = msgspec.json.Encoder().encode
_numbers = msgspec.json.Decoder(list[int])
_question = msgspec.json.Decoder(Question)
_state = msgspec.json.Decoder(BoardState)

Row = tuple[int | str | None, ...]
Places = list[tuple[str, int, int]]
"""(user id, place, points) as :meth:`~tui_live.core.movement.Movement.note` returns them."""


class Sheet(Struct):
    """What a flush writes of one session's board, all as it was at one moment."""

    session_id: str
    people: list[Row]
    users: int
    scale: int
    state: str
    actions: list[Row] = msgspec.field(default_factory=list)
    moves: list[Row] = msgspec.field(default_factory=list)
    places: list[Row] = msgspec.field(default_factory=list)


def take_sheet(session_id: str, board: Board) -> Sheet:
    """Everything that changed since the last sheet."""
    ranking = board.ranking
    people = [_person_row(someone) for someone in ranking.changed.values()]
    ranking.changed.clear()
    return Sheet(session_id, people, len(ranking), ranking.scale, _encode(board.state()).decode())


def action_row(action: Action, after_event: int) -> Row:
    """The row of ``score_actions``, without its session."""
    question = _encode(action.question).decode() if action.question is not None else None
    return (
        action.number,
        after_event,
        str(action.deed),
        action.time_ms,
        action.user_id or None,
        action.target,
        question,
    )


def move_rows(number: int, moved: dict[str, Tally], scale: int) -> list[Row]:
    """The rows of ``score_moves`` for the reset with this number, in units of ``1 / scale``, without their session."""
    return [(number, user_id, _encode((*structs.astuple(tally), scale)).decode()) for user_id, tally in moved.items()]


async def write_sheet(database: aiosqlite.Connection, sheet: Sheet) -> None:
    """Within a transaction: write a sheet."""
    query = "SELECT number, coalesce(board ->> '$.scale', 1) FROM sessions WHERE id = ?"
    async with database.execute(query, (sheet.session_id,)) as cursor:
        found = await cursor.fetchone()
    if found is None:
        return
    session: int = found[0]
    if found[1] != sheet.scale:
        for sql in _RESCALE:
            await database.execute(sql, (session, sheet.scale, found[1]))
    for sql, rows in (
        (_INSERT, sheet.people),
        (_INSERT_ACTION, sheet.actions),
        (_INSERT_MOVE, sheet.moves),
        (_INSERT_PLACE, sheet.places),
    ):
        if rows:
            await database.executemany(sql, ((session, *row) for row in rows))
    update = "UPDATE sessions SET total_users = ?, board = ? WHERE number = ?"
    await database.execute(update, (sheet.users, sheet.state, session))


async def load_board(
    database: aiosqlite.Connection, session_id: str, rules: Rules, *, only_shown: bool = False
) -> Board:
    """The board of a session as it was written, to go on under ``rules``.

    ``only_shown``: of people only what a leaderboard shows, for a board that is merely looked at.
    A hundred thousand people take about a second, in slices between which everything else goes on.
    """
    board = Board(rules)
    async with database.execute(_SIZES, (session_id,)) as cursor:
        found = await cursor.fetchone()
    text, users, names = found or ("{}", 0, 0)
    state = _state.decode(text)
    board.resume(state, await load_actions(database, session_id))
    finer = board.ranking.scale // state.scale
    known: dict[str, Person] = {}
    most = names <= _MANY * users
    query = f"SELECT {_SHOWN if only_shown else _WHOLE} FROM {_ALL if most else _SOME}"  # noqa: S608 - text of ours
    async with database.execute(query, () if most else (session_id,)) as cursor:
        async for rows in _slices(cursor):
            for user_id, handle, nickname, avatar, status, *more in rows:
                rest = _rest(more) if more else {}
                known[user_id] = Person(user_id, handle, nickname, avatar, follow_status=status, **rest)
    async with database.execute(_ROWS, (session_id,)) as cursor:
        async for rows in _slices(cursor):
            for row in rows:
                board.ranking.restore(_participant(row, known, finer))
    board.ranking.restored()
    query = (
        "SELECT user_id, place FROM score_places p WHERE session = (SELECT number FROM sessions WHERE id = ?)"
        " AND time_ms = (SELECT max(time_ms) FROM score_places l WHERE l.session = p.session AND l.user_id = p.user_id)"
    )
    async with database.execute(query, (session_id,)) as cursor:
        board.movement.resume({row[0]: row[1] for row in await cursor.fetchall() if row[1]})
    return board


async def load_actions(database: aiosqlite.Connection, session_id: str) -> list[Action]:
    """Everything that was done in a session, in order."""
    return [action for _, action in await load_actions_in_place(database, session_id)]


async def load_actions_in_place(database: aiosqlite.Connection, session_id: str) -> list[tuple[int, Action]]:
    """The same, each with the id of the last event before it."""
    query = (
        "SELECT after_event, number, deed, time_ms, user_id, target, question FROM score_actions"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) ORDER BY number"
    )
    async with database.execute(query, (session_id,)) as cursor:
        return [
            (
                row[0],
                Action(
                    *(row[1], Deed(row[2]), row[3], row[4] or "", row[5]),
                    question=_question.decode(row[6]) if row[6] else None,
                ),
            )
            for row in await cursor.fetchall()
        ]


async def load_moves(database: aiosqlite.Connection, session_id: str, number: int, scale: int) -> dict[str, Tally]:
    """What the reset with this number moved, by user id, in units of ``1 / scale``, the board's."""
    query = (
        "SELECT user_id, tally FROM score_moves"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) AND action = ?"
    )
    async with database.execute(query, (session_id, number)) as cursor:
        moved = [(row[0], _numbers.decode(row[1])) for row in await cursor.fetchall()]
    return {user_id: Tally(*values).times(scale // of) for user_id, (*values, of) in moved}


async def places(database: aiosqlite.Connection, session_id: str, user_id: str) -> list[tuple[int, int]]:
    """A person's places over time: (UTC ms, place), each until the next; place 0 is behind the first hundred."""
    query = (
        "SELECT time_ms, place FROM score_places"
        " WHERE session = (SELECT number FROM sessions WHERE id = ?) AND user_id = ? ORDER BY time_ms"
    )
    async with database.execute(query, (session_id, user_id)) as cursor:
        return [(row[0], row[1]) for row in await cursor.fetchall()]


async def replace_scores(database: aiosqlite.Connection, session_id: str, board: Board) -> None:
    """Within a transaction: write a recomputed board in place of what was there. Actions and places stay."""
    where = "session = (SELECT number FROM sessions WHERE id = ?)"
    await database.execute(f"DELETE FROM score_rows WHERE {where}", (session_id,))  # noqa: S608 - text of ours
    await database.execute(f"DELETE FROM score_moves WHERE {where}", (session_id,))  # noqa: S608
    sheet = take_sheet(session_id, board)
    sheet.people = [_person_row(someone) for someone in board.ranking.people.values()]
    for action in board.actions:
        sheet.moves += move_rows(action.number, board.moved(action.number) or {}, board.ranking.scale)
    await write_sheet(database, sheet)


def _person_row(someone: Participant) -> Row:
    used = _encode(structs.astuple(someone.used)).decode() if someone.used else None
    return (
        *(someone.number, someone.person.user_id, someone.first_ms, someone.last_ms, someone.followed),
        *structs.astuple(someone.now),
        used,
    )


async def _slices(cursor: aiosqlite.Cursor) -> AsyncIterator[list[Any]]:
    """All rows in slices, between which everything else has its turn."""
    while rows := list(await cursor.fetchmany(_SLICE)):
        yield rows
        await asyncio.sleep(0)


def _rest(row: Sequence[Any]) -> dict[str, Any]:
    """The fields of a person behind those that a leaderboard shows."""
    bio, followers, following, verified, moderator, gifter, member, region, badges = row
    return {
        "bio": bio,
        "followers": followers,
        "following": following,
        "verified": bool(verified),
        "moderator": bool(moderator),
        "gifter_level": gifter,
        "member_level": member,
        "region": region,
        "badges": tuple(msgspec.json.decode(badges)) if badges != "[]" else (),
    }


def _participant(row: Sequence[Any], known: dict[str, Person], finer: int) -> Participant:
    number, user_id, first_ms, last_ms, followed, *values, used = row
    person = known.get(user_id) or Person(str(user_id), "")
    now = Tally(*values)
    before = Tally(*_numbers.decode(used)) if used else Tally()
    if finer > 1:
        now, before = now.times(finer), before.times(finer)
    return Participant(person, number, first_ms, last_ms, now, before, bool(followed), saved_ms=last_ms)
