"""What is done to everybody's scores at once, done in the database by the database.

A hundred thousand rows made of Python's objects would hold everything up; SQLite does the same without them, by the
rules of :meth:`~tui_live.core.tally.Tally.plus`.
"""

from __future__ import annotations

import aiosqlite
from msgspec import Struct

from tui_live.core.tally import MOST, POINTS, TALLY_FIELDS

_ALL = ", ".join(TALLY_FIELDS)
_ANYTHING = " OR ".join(TALLY_FIELDS)
_FIELDS = tuple(enumerate(TALLY_FIELDS))
#: Where what was moved has its scale.
_SCALE = len(TALLY_FIELDS)
_FINER = [f" * (?3 / (tally ->> {_SCALE}))" if place < POINTS else "" for place, _ in _FIELDS]
#: A reset (?2) of everybody in a session (?1), in units of 1 / ?3: what it moves, and that it is moved.
_RESET = (
    f"INSERT OR REPLACE INTO score_moves SELECT session, ?2, user_id, json_array({_ALL}, ?3)"  # noqa: S608 - names of ours
    f" FROM score_rows WHERE session = ?1 AND ({_ANYTHING})",
    f"""
UPDATE score_rows SET {", ".join(f"{name} = 0" for name in TALLY_FIELDS)}, used = CASE
    WHEN used IS NULL THEN json_array({_ALL})
    WHEN json_valid(used) THEN json_array({", ".join(f"min({name} + (used ->> {at}), {MOST})" for at, name in _FIELDS)})
    ELSE used END
WHERE session = ?1 AND ({_ANYTHING})
""",  # noqa: S608
)
#: What it moved counts again.
_GIVE_BACK = f"""
UPDATE score_rows SET {", ".join(f"{name} = min({name} + moved_{name}, {MOST})" for name in TALLY_FIELDS)},
    used = CASE WHEN json_valid(used) THEN nullif(
        json_array({", ".join(f"max((used ->> {at}) - moved_{name}, 0)" for at, name in _FIELDS)}),
        json_array({", ".join("0" for _ in _FIELDS)})) ELSE used END
FROM (
    SELECT user_id AS who,
        {", ".join(f"min((tally ->> {at}){_FINER[at]}, {MOST}) AS moved_{name}" for at, name in _FIELDS)}
    FROM score_moves WHERE session = ?1 AND action = ?2 AND json_valid(tally) AND (tally ->> {_SCALE}) > 0
)
WHERE session = ?1 AND user_id = who
"""  # noqa: S608


class Decreed(Struct, frozen=True):
    """A reset of everybody by the number of its action, or the undo of the one that is ``undone``."""

    number: int
    undone: int = 0


async def write_decree(database: aiosqlite.Connection, session: int, decreed: Decreed, scale: int) -> None:
    """Within a transaction: do it to everybody in the session (its number), whose points are in units of 1 / scale."""
    if decreed.undone:
        await database.execute(_GIVE_BACK, (session, decreed.undone, scale))
        return
    parameters = (session, decreed.number, scale)
    await database.execute(_RESET[0], parameters)
    await database.execute(_RESET[1], (session,))
