"""Words and numbers out of messages: plain strings, TikTok's display texts with their pieces, names of enum values.

All of it is bounded: what people write has some hundred characters, and a few hostile bytes must not become a text that
takes seconds and fills the memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_live.core.text import stored
from tui_live.core.totals import MOST
from tui_live.wire.reading import read_user
from tui_live.wire.schema import text

if TYPE_CHECKING:
    from tui_live.core.events import Person
    from tui_live.tiktok.kinds.room import RoomMemory

#: ``{0:user}``, ``{1:string}``: the place of a piece in a pattern.
_PLACE = re.compile(r"\{(\d{1,3})(?::\w*)?\}")
_MOST_PIECES = 50
_MOST_OF_A_PIECE = 2_000
#: No text of an event is longer.
MOST_CHARACTERS = 10_000
#: Names, titles of polls and their options: these are remembered, and told again by later messages.
MOST_OF_A_NAME = 200
#: So many are read of what is usually a few: mentions, emotes, the room's top viewers.
MOST_LISTED = 100


def words(value: str | bytes, most: int = MOST_CHARACTERS) -> str:
    """A string of a message as it may be stored, its first ``most`` characters."""
    if not value:
        return ""
    if len(value) > most:
        value = value[:most]
    return stored(value if isinstance(value, str) else text(value))


def cut(said: str) -> str:
    """``said``, or its beginning when it is too long for an event."""
    return said if len(said) <= MOST_CHARACTERS else f"{said[: MOST_CHARACTERS - 1]}…"


def count(number: int) -> int:
    """A number of things as it may be summed: nothing when the message says less than that."""
    return min(number, MOST) if number > 0 else 0


def named(names: Mapping[int, str], value: int, prefix: str) -> str:
    """The name of an enum value, which may be empty; ``prefix_N`` for one that ``names`` does not have."""
    name = names.get(value)
    return f"{prefix}_{value}" if name is None else name


def display(said: Any) -> str:
    """An upb ``Text`` as a viewer reads it: its pattern with the pieces in their places.

    A piece that the pattern does not place is left out; without a pattern, the pieces stand one after another. No
    more pieces are placed than a message may have, whatever the pattern asks for.
    """
    pattern = words(said.default_pattern)
    if pattern and "{" not in pattern:
        return pattern
    return _filled(pattern, [_piece(piece) for piece in said.pieces[:_MOST_PIECES]])


def told(said: Any, room: RoomMemory) -> tuple[str, Person | None]:
    """An upb ``Text`` as :func:`display` puts it, and the first person whom it names."""
    pattern = words(said.default_pattern)
    if pattern and "{" not in pattern:
        return pattern, None
    first, pieces = None, []
    for piece in said.pieces[:_MOST_PIECES]:
        person = room.glimpsed(piece.user_value.user) if piece.HasField("user_value") else None
        first = first or person
        pieces.append((person and person.nickname) or _piece(piece))
    return _filled(pattern, pieces), first


def _filled(pattern: str, pieces: Sequence[str]) -> str:
    if not pattern:
        return cut(" ".join(piece for piece in pieces if piece))

    def fill(place: re.Match[str]) -> str:
        number = int(place[1])
        return pieces[number] if number < len(pieces) else ""

    return cut(_PLACE.sub(fill, pattern, count=_MOST_PIECES).strip())


def shown(message: Any, *fields: str) -> str:
    """The first of these display texts that says something; those that are not there are not looked into."""
    for field in fields:
        if message.HasField(field) and (said := display(getattr(message, field))):
            return said
    return ""


def shown_of(message: Any, room: RoomMemory, *fields: str) -> tuple[str, Person | None]:
    """The first of these display texts that says something, and the first person whom it names."""
    for field in fields:
        if message.HasField(field) and (found := told(getattr(message, field), room))[0]:
            return found
    return "", None


def common_words(message: Any) -> str:
    """What the ``common`` part of any message says: its display text, else its description."""
    common = message.common
    return shown(common, "display_text") or words(common.describe)


def common_told(message: Any, room: RoomMemory) -> tuple[str, Person | None]:
    """The :func:`common_words`, and the first person whom they name."""
    common = message.common
    said, person = shown_of(common, room, "display_text")
    return said or words(common.describe), person


def _piece(piece: Any) -> str:
    """One piece of a display text; pictures say nothing."""
    if piece.HasField("user_value"):
        user = read_user(piece.user_value.user)
        return words(user.nickname, MOST_OF_A_NAME) or words(user.display_id, MOST_OF_A_NAME)
    if piece.HasField("gift_value"):
        return words(piece.gift_value.name_ref.default_pattern, _MOST_OF_A_PIECE)
    if piece.HasField("pattern_ref_value"):
        return words(piece.pattern_ref_value.default_pattern, _MOST_OF_A_PIECE)
    if piece.HasField("heart_value"):
        return "♥"
    return words(piece.string_value, _MOST_OF_A_PIECE)
