"""Scores, and what was done to them, lose a person."""

from __future__ import annotations

import aiosqlite
import msgspec
from msgspec import structs

from tui_live.core.board import BoardState
from tui_live.core.questions import Question
from tui_live.core.traces import Traces

_encode = msgspec.json.Encoder().encode
_question = msgspec.json.Decoder(Question)
_state = msgspec.json.Decoder(BoardState)


async def clean_scores(database: aiosqlite.Connection, person: Traces) -> None:
    """Within a transaction: take the person out of everything that leaderboards have written.

    Everybody else keeps score and order. What was done to the person or their comments stays, about nobody: numbers of
    actions go on, undos find what they took back, and to count scores again it means nothing.
    """
    for table in ("score_rows", "score_moves", "score_places"):
        await database.execute(f"DELETE FROM {table} WHERE user_id = ?", (person.user_id,))  # noqa: S608 - names of ours
    await database.execute("UPDATE score_actions SET user_id = NULL WHERE user_id = ?", (person.user_id,))
    query = "SELECT session, number, question FROM score_actions WHERE question IS NOT NULL"
    async with database.execute(query) as cursor:
        asked = [(session, number, _question.decode(text)) for session, number, text in await cursor.fetchall()]
    for session, number, question in asked:
        left = _without(question, person)
        if left is not question:
            text = None if left is None else _encode(left).decode()
            update = "UPDATE score_actions SET question = ? WHERE session = ? AND number = ?"
            await database.execute(update, (text, session, number))
    async with database.execute("SELECT id, board FROM sessions WHERE board <> '{}'") as cursor:
        boards = [(key, _state.decode(text)) for key, text in await cursor.fetchall()]
    for key, state in boards:
        cleaned = _clean_state(state, person)
        if cleaned != state:
            update = "UPDATE sessions SET board = ? WHERE id = ?"
            await database.execute(update, (_encode(cleaned).decode(), key))


def _clean_state(state: BoardState, person: Traces) -> BoardState:
    shown = None if state.shown is None else _without(state.shown, person)
    waiting = (_without(question, person) for question in state.waiting)
    return structs.replace(
        state,
        winner="" if state.winner == person.user_id else state.winner,
        shown=shown,
        shown_ms=state.shown_ms if shown is not None else 0,
        waiting=tuple(question for question in waiting if question is not None),
    )


def _without(question: Question, person: Traces) -> Question | None:
    """A question without the person: none when it is theirs, the same one when they are not in it."""
    if question.user_id == person.user_id:
        return None
    text = person.clean(question.text)
    return question if text == question.text else structs.replace(question, text=text)
