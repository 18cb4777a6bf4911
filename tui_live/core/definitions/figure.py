"""What is said of a figure, and finding it in a group."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """One figure: the field of the result (dotted where it is inside of another), its name, and three texts.

    ``text`` says what it is, ``formula`` how it is computed, ``limit`` what it cannot tell; the last two may be empty.
    """

    field: str
    name: str
    text: str
    formula: str = ""
    limit: str = ""


def definition(field: str, of: tuple[Definition, ...]) -> Definition:
    """The definition of a field, of one of the groups. Raises :class:`KeyError` without one."""
    for one in of:
        if one.field == field:
            return one
    raise KeyError(field)
