"""What is behind a score as rows of text, by subject: why, comments, gifts, names."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from tui_live.core.account import Account, Comment
from tui_live.ui.format import clock, full


class AccountRow(NamedTuple):
    """Cells of a row as they were stored, what it is known by, and the comment it stands for."""

    key: Hashable
    cells: tuple[str, ...]
    comment: Comment | None = None
    quiet: bool = False


class Cell(NamedTuple):
    """A column: its title, its width (0: what is left), and the side it is aligned to."""

    title: str
    width: int = 0
    right: bool = False


class Subject(NamedTuple):
    """A list of the screen: its name, columns, rows, and what it says when there are none."""

    name: str
    columns: tuple[Cell, ...]
    rows: Callable[[Account], list[AccountRow]]
    empty: str


#: What the kinds of reasons are called.
_KINDS = {
    **{"chat": "comment", "reset": "reset", "reset_all": "reset of all", "undo": "undone", "winner": "has won"},
    **{"pause": "scoring pauses", "resume": "scoring goes on", "ask": "to overlay", "unuse": "unused"},
}


def signed(points: float) -> str:
    """Points that were added or taken: ``+12``, ``+0.07``, ``-3``."""
    text = exact(abs(points))
    return f"-{text}" if points < 0 else f"+{text}" if points else "-"


def exact(points: float) -> str:
    """Points with two decimals where they are not whole."""
    near = round(points)
    if abs(points - near) < 0.005:
        return full(near)
    return f"{points:,.2f}"


def why(account: Account) -> list[AccountRow]:
    """The events behind the score, the newest first, with what the score was after each."""
    rows = []
    running = account.points
    for number, reason in reversed(list(enumerate(account.reasons))):
        what = _KINDS.get(reason.kind, reason.kind)
        counted = "paused" if reason.paused and not reason.points else signed(reason.points)
        rows.append(
            AccountRow(
                (reason.time_ms, reason.kind, reason.text, number),
                (clock(reason.time_ms), what, reason.text, counted, exact(max(0.0, running))),
                quiet=reason.paused,
            )
        )
        running -= reason.points
    return rows


def comments(account: Account) -> list[AccountRow]:
    """The comments, the newest first, with whether they are used."""
    return [
        AccountRow(
            (each.time_ms, each.msg_id, each.text),
            (clock(each.time_ms), "✓ used" if each.used else "", each.text),
            each,
            quiet=each.used,
        )
        for each in reversed(account.comments)
    ]


def gifts(account: Account) -> list[AccountRow]:
    """The gifts by kind, the dearest first."""
    return [
        AccountRow(each.gift_id, (each.name, full(each.price), full(each.count), full(each.coins), exact(each.points)))
        for each in account.gifts
    ]


def names(account: Account) -> list[AccountRow]:
    """The names they had, the latest first."""
    return [
        AccountRow((handle, nickname), (since[:19].replace("T", " "), nickname, f"@{handle}" if handle else ""))
        for handle, nickname, since in reversed(account.names)
    ]


SUBJECTS = (
    Subject(
        "Why",
        (Cell("time", 8), Cell("what", 14), Cell("text"), Cell("points", 12, True), Cell("score", 12, True)),
        why,
        "No event has brought points yet.",
    ),
    Subject("Comments", (Cell("time", 8), Cell("", 6), Cell("comment")), comments, "No comments."),
    Subject(
        "Gifts",
        (
            Cell("gift"),
            Cell("each", 7, True),
            Cell("count", 8, True),
            Cell("coins", 10, True),
            Cell("points", 11, True),
        ),
        gifts,
        "No gifts.",
    ),
    Subject("Names", (Cell("since (UTC)", 19), Cell("name"), Cell("handle", 26)), names, "No names are known."),
)
