"""What the numbers of a session lack, in the same words wherever that is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui_live.core.counts import full, several
from tui_live.core.status import StreamView
from tui_live.core.times import span
from tui_live.core.totals import Totals

#: What is counted: in full, one and several of it; and where there is little room.
_WORDS = {
    "gaps": ("gap", "gaps", ""),
    "missing": ("event cannot be read", "events cannot be read", "missing"),
    "undecodable": ("undecodable", "undecodable", "unread"),
    "duplicates": ("duplicate left out", "duplicates left out", "twice"),
}


class Lack(NamedTuple):
    """One thing that is lacking: ``45 gaps (00:54)``, ``45 gaps 00:54``, ``45 gaps``."""

    long: str
    brief: str
    least: str


def lacking(of: Totals | StreamView, number: Callable[[int], str] = full) -> dict[str, Lack]:
    """Intervals without a connection, messages that could not be read, those that came twice, and the like coverage.

    By the names of the sums, ``likes`` for the coverage, and in this order; what is not known to lack anything is not
    among them. ``number`` writes what has little room.
    """
    found = {}
    for name, (one, many, brief) in _WORDS.items():
        if count := getattr(of, name):
            least = f"{number(count)} {brief or (one if count == 1 else many)}"
            lost = span(of.gap_ms / 1000) if name == "gaps" else ""
            long = several(count, one, many)
            found[name] = Lack(f"{long} ({lost})", f"{least} {lost}", least) if lost else Lack(long, least, least)
    if of.room_likes:
        part = f"likes {coverage(of.likes, of.room_likes)}"
        found["likes"] = Lack(f"{part} covered", part, part)
    return found


def coverage(likes: int, room_likes: int) -> str:
    """The part of the room's likes that came with a name, rounded down: ``33%``, ``<1%``; a dash for no likes."""
    if not room_likes:
        return "–"
    part = min(1.0, likes / room_likes)
    return "<1%" if 0 < part < 0.01 else f"{int(part * 100)}%"
