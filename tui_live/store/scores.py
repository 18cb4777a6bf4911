"""What changed on a session's board, on its way into the database: scores, what was done, places over time.

What changed is taken from the board at the moment at which a flush takes the events, and written in the same
transaction, so that scores are never ahead of the events nor behind them, however the program ends.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct, structs

from tui_live.core.board import Action, Board, Deed
from tui_live.core.tally import MOST, POINTS, TALLY_FIELDS, Participant, Tally
from tui_live.store.decrees import Decreed, write_decree

log = logging.getLogger(__name__)

_INSERT = "INSERT OR REPLACE INTO score_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_ACTION = "INSERT INTO score_actions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_MOVE = "INSERT OR REPLACE INTO score_moves VALUES (?, ?, ?, ?)"
_FORGET_MOVE = "DELETE FROM score_moves WHERE session = ? AND action = ? AND user_id = ?"
_INSERT_PLACE = "INSERT OR REPLACE INTO score_places VALUES (?, ?, ?, ?, ?)"
#: A session that goes on under rules with finer units (?2 instead of ?3 to the point): what is there follows.
_RESCALE = (
    f"""
UPDATE score_rows SET {", ".join(f"{name} = min({name} * (?2 / ?3), {MOST})" for name in TALLY_FIELDS[:POINTS])},
    used = CASE WHEN json_valid(used) THEN json_array(
        {", ".join(f"min((used ->> {place}) * (?2 / ?3), {MOST})" for place in range(POINTS))},
        {", ".join(f"used ->> {place}" for place in range(POINTS, len(TALLY_FIELDS)))}) ELSE used END
WHERE session = ?1
""",  # noqa: S608 - names of ours
    "UPDATE score_places SET points = points * ?2 / ?3 WHERE session = ?1",
)
#: What decoding says of a value that somebody or something has broken.
UNREADABLE = (msgspec.MsgspecError, ValueError, TypeError, ZeroDivisionError, RecursionError)
_encode = msgspec.json.Encoder().encode

Row = tuple[int | str | None, ...]
Places = list[tuple[str, int, int]]
"""(user id, place, points) as :meth:`~tui_live.core.movement.Movement.note` returns them."""


class _Scale(Struct):
    scale: int = 1


_scale = msgspec.json.Decoder(_Scale)


def scale_of(text: Any) -> int | None:
    """The units in which a session's points are kept, by its ``board``; ``None`` where that cannot be read."""
    with contextlib.suppress(*UNREADABLE):
        scale = _scale.decode(text).scale
        return scale if 0 < scale <= MOST else None
    return None


class Sheet(Struct):
    """What a flush writes of one session's board, all as it was at one moment.

    ``people`` are those who changed, by themselves, ``decreed`` is what changed everybody, in order; ``unmoved`` are
    those of ``people`` of whom a reset of everybody moved nothing: what the database has of them was gone before it.
    """

    session_id: str
    people: list[Row]
    users: int
    scale: int
    state: str
    decreed: list[Decreed] = msgspec.field(default_factory=list)
    actions: list[Row] = msgspec.field(default_factory=list)
    moves: list[Row] = msgspec.field(default_factory=list)
    unmoved: list[Row] = msgspec.field(default_factory=list)
    places: list[Row] = msgspec.field(default_factory=list)


def take_sheet(session_id: str, board: Board) -> Sheet:
    """Everything that changed since the last sheet."""
    ranking = board.ranking
    people = [_person_row(someone) for someone in map(ranking.find, list(ranking.changed)) if someone is not None]
    ranking.changed.clear()
    return Sheet(session_id, people, len(ranking), ranking.scale, _encode(board.state()).decode())


def put_action(sheet: Sheet, board: Board, action: Action, after_event: int, moved: dict[str, Tally]) -> None:
    """Put into a sheet what was done after this event, with what a reset of one person moved.

    What was moved of everybody, the database knows itself, but of those who are on the sheet.
    """
    sheet.actions.append(_action_row(action, after_event))
    if board.everybody(action):
        sheet.decreed.append(Decreed(action.number, action.target))
        of_all = board.moved(action.number) or {}
        moved = {row[1]: of_all[row[1]] for row in sheet.people if row[1] in of_all}
        sheet.unmoved += [(action.number, row[1]) for row in sheet.people if row[1] not in of_all]
    sheet.moves += move_rows(action.number, moved, sheet.scale)


def _action_row(action: Action, after_event: int) -> Row:
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
    query = "SELECT number, board FROM sessions WHERE id = ?"
    async with database.execute(query, (sheet.session_id,)) as cursor:
        found = await cursor.fetchone()
    if found is None:
        return
    session: int = found[0]
    scale = scale_of(found[1])
    if scale is not None and scale != sheet.scale and sheet.scale % scale == 0:
        for sql in _RESCALE:
            await database.execute(sql, (session, sheet.scale, scale))
    if sheet.actions:
        await _number_freely(database, session, sheet)
    for decreed in sheet.decreed:
        await write_decree(database, session, decreed, sheet.scale)
    for sql, rows in (
        (_INSERT, sheet.people),
        (_FORGET_MOVE, sheet.unmoved),
        (_INSERT_ACTION, sheet.actions),
        (_INSERT_MOVE, sheet.moves),
        (_INSERT_PLACE, sheet.places),
    ):
        if rows:
            await database.executemany(sql, ((session, *row) for row in rows))
    update = "UPDATE sessions SET total_users = ?, board = ? WHERE number = ?"
    await database.execute(update, (sheet.users, sheet.state, session))


async def _number_freely(database: aiosqlite.Connection, session: int, sheet: Sheet) -> None:
    """Nothing that was done is overwritten: actions whose numbers are taken follow those that are there."""
    first = min(int(row[0] or 0) for row in sheet.actions)
    query = "SELECT max(number) FROM score_actions WHERE session = ? AND number >= ?"
    async with database.execute(query, (session, first)) as cursor:
        row = await cursor.fetchone()
    if row is None or row[0] is None:
        return
    further = row[0] + 1 - first
    log.error("session %s has an action %d already: what was done follows from %d on", session, first, row[0] + 1)

    def moved(number: Any) -> Any:
        return number + further if number >= first else number

    undo = str(Deed.UNDO)
    sheet.actions = [
        (moved(number), after, deed, time_ms, user, moved(target) if deed == undo else target, question)
        for number, after, deed, time_ms, user, target, question in sheet.actions
    ]
    sheet.moves = [(moved(number), *rest) for number, *rest in sheet.moves]
    sheet.unmoved = [(moved(number), user) for number, user in sheet.unmoved]
    sheet.decreed = [Decreed(moved(each.number), moved(each.undone)) for each in sheet.decreed]


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
