"""Words out of messages: plain strings, TikTok's display texts with their pieces, and names of enum values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_live.core.text import stored
from tui_live.wire.reading import read_user
from tui_live.wire.schema import text

#: ``{0:user}``, ``{1:string}``: the place of a piece in a pattern.
_PLACE = re.compile(r"\{(\d{1,3})(?::\w*)?\}")
_MOST_PIECES = 50


def words(value: str | bytes) -> str:
    """A string of a message as it may be stored."""
    return stored(text(value))


def first(*values: str) -> str:
    """The first value that is not empty."""
    return next((value for value in values if value), "")


def named(names: Mapping[int, str], value: int, prefix: str) -> str:
    """The name of an enum value; ``prefix_N`` for one that the schema did not have when this was written."""
    return names.get(value) or f"{prefix}_{value}"


def display(said: Any) -> str:
    """An upb ``Text`` as a viewer reads it: its pattern with the pieces in their places.

    A piece that the pattern does not place is left out; without a pattern, the pieces stand one after another.
    """
    pattern = words(said.default_pattern)
    if pattern and "{" not in pattern:
        return pattern
    pieces = [_piece(piece) for piece in said.pieces[:_MOST_PIECES]]
    if not pattern:
        return stored(" ".join(piece for piece in pieces if piece))

    def fill(place: re.Match[str]) -> str:
        number = int(place[1])
        return pieces[number] if number < len(pieces) else ""

    return stored(_PLACE.sub(fill, pattern))


def common_words(message: Any) -> str:
    """What the ``common`` part of any message says: its display text, else its description."""
    common = message.common
    said = display(common.display_text) if common.HasField("display_text") else ""
    return said or words(common.describe)


def _piece(piece: Any) -> str:
    """One piece of a display text; pictures say nothing."""
    if piece.HasField("user_value"):
        user = read_user(piece.user_value.user)
        return first(words(user.nickname), words(user.display_id))
    if piece.HasField("gift_value"):
        return words(piece.gift_value.name_ref.default_pattern)
    if piece.HasField("pattern_ref_value"):
        return words(piece.pattern_ref_value.default_pattern)
    if piece.HasField("heart_value"):
        return "♥"
    return words(piece.string_value)
