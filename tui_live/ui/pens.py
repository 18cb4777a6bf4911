"""The styles of what is drawn line by line, by name, from the theme's variables.

They would be component classes in a style sheet, but Textual resolves each of those several times before the first
paint: a hundred of them cost a quarter of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.style import Style
from textual.color import Color


class Ink(NamedTuple):
    """A theme variable and how much of it covers the ground, a ground of its own where it has one, and the face."""

    colour: str = "foreground"
    part: float = 1.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    ground: str = ""
    ground_part: float = 1.0


_TEXT = Ink()
_QUIET = Ink(part=0.6)
_RULE = Ink(part=0.25)
_ACCENT = Ink("accent")
_STRONG_ACCENT = Ink("accent", bold=True)
_GIFT = Ink("warning")

INKS: Mapping[str, Ink] = {
    "": _TEXT,
    "status--title": _STRONG_ACCENT,
    "status--text": _TEXT,
    "status--clock": _QUIET,
    "tabs--active": _STRONG_ACCENT,
    "tabs--other": _QUIET,
    "choice--focus": Ink("background", bold=True, ground="accent"),
    "keys--key": _STRONG_ACCENT,
    "keys--text": Ink(part=0.8),
    "title--rule": _RULE,
    "title--name": Ink(part=0.6, bold=True),
    "title--tab": _QUIET,
    "title--detail": _QUIET,
    "title--state": _QUIET,
    "title--rule-active": _ACCENT,
    "title--name-active": _STRONG_ACCENT,
    "title--state-active": _TEXT,
    "head--scope": _TEXT,
    "head--filter": _ACCENT,
    "head--sums": _TEXT,
    "head--lacking": Ink("warning"),
    "head--titles": _QUIET,
    "head--plot": _ACCENT,
    "state--live": Ink("success"),
    "state--warning": Ink("warning"),
    "state--busy": _ACCENT,
    "state--error": Ink("error", bold=True),
    "state--idle": _QUIET,
    "row--header": _QUIET,
    "row--reason": _QUIET,
    "row--number": _TEXT,
    "row--spark": _ACCENT,
    "row--alert": Ink("warning", bold=True),
    "row--selected": Ink(ground="panel"),
    "row--selected-focus": Ink(bold=True, ground="accent", ground_part=0.25),
    "row--flash": Ink(ground="success", ground_part=0.25),
    "board--first": Ink("warning", bold=True),
    "board--second": _TEXT,
    "board--third": _QUIET,
    "board--score": Ink(bold=True),
    "board--up": Ink("success"),
    "board--down": _QUIET,
    "board--follower": Ink("success"),
    "board--alert": Ink("warning", bold=True),
    "log--time": _QUIET,
    "log--quiet": _QUIET,
    "log--text": _TEXT,
    "log--nick": Ink(bold=True),
    "log--chat": _TEXT,
    "log--gift": _GIFT,
    "log--coins": _GIFT,
    "log--like": _QUIET,
    "log--member": _QUIET,
    "log--social": Ink("success"),
    "log--room-update": _QUIET,
    "log--control": _ACCENT,
    "log--note": Ink("accent", italic=True),
    "log--trigger": _STRONG_ACCENT,
    "log--other": _QUIET,
    "log--match": Ink("warning", bold=True, underline=True),
    "log--selected": Ink(ground="accent", ground_part=0.25),
    "log--bar": _RULE,
    "log--thumb": _QUIET,
    "log--badge": Ink("background", bold=True, ground="accent"),
    "log--hint": _QUIET,
    **{f"stream--{number}": Ink(f"stream-{number}") for number in range(8)},
}


def style_of(name: str, variables: Mapping[str, str], ground: Color) -> Style:
    """The style called ``name`` (a key of :data:`INKS`) upon ``ground``, in the colours of a theme's ``variables``.

    A terminal's own colours know no shades: there parts are whole, and a shaded ground becomes the reverse of the line.
    """
    ink = INKS[name]
    colour = Color.parse(variables[ink.colour])
    reverse = False
    behind = ground
    if ink.ground:
        behind = Color.parse(variables[ink.ground])
        reverse = ink.ground_part < 1 and behind.ansi is not None
        behind = ground if reverse else ground + behind.multiply_alpha(ink.ground_part)
    if colour.ansi is None and behind.ansi is None:
        colour = behind + colour.multiply_alpha(ink.part)
    return Style(
        color=colour.rich_color,
        bgcolor=behind.rich_color,
        bold=ink.bold,
        italic=ink.italic,
        underline=ink.underline,
        reverse=reverse,
    )
