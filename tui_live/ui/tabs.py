"""The tabs beside the log, as data: which events each shows, in which columns, and what its head adds up.

A tab costs nothing per event: it is a filter over the log's rows, and its cells are made for the lines on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import structs

from tui_live.core.log import COINS, DATA, NICKNAME, NOTE, SUBTYPE, TEXT, TYPE, Row
from tui_live.core.log_filter import Test, shown_type
from tui_live.core.status import StreamView
from tui_live.core.totals import Totals
from tui_live.ui.event_text import battle_text, event_text
from tui_live.ui.format import full, short, span


class Column(NamedTuple):
    """A column: its title, its cells' text, its width (0: what is left), and the width of the tab that shows it."""

    title: str
    cell: Callable[[Row], str]
    width: int = 0
    right: bool = False
    tone: str = "log--text"
    need: int = 0


class Tab(NamedTuple):
    """A tab; ``types`` are the events it shows (``None``: those that no other tab shows).

    ``latest`` makes a text of its newest line; ``plots`` draws the viewers over time.
    """

    key: str
    name: str
    types: frozenset[str] | None = frozenset()
    columns: tuple[Column, ...] = ()
    sums: Callable[[Totals], str] | None = None
    latest: Callable[[Row], str] | None = None
    plots: bool = False
    hint: str = ""

    def match(self) -> Test | None:
        """Which lines belong here; ``None`` for all of them."""
        if not self.columns:
            return None
        if self.types is None:
            elsewhere = _ELSEWHERE
            return lambda row: row[TYPE] not in elsewhere
        types = self.types
        return lambda row: row[TYPE] in types


def summed(views: Iterable[StreamView], only: int | None) -> Totals:
    """The totals of all streams together, or of the one with the index ``only``."""
    result = Totals()
    for view in views:
        if only is not None and view.index != only:
            continue
        totals = view.totals
        for kind, count in totals.messages.items():
            result.messages[kind] = result.messages.get(kind, 0) + count
        for name in _SUMMED:
            setattr(result, name, getattr(result, name) + getattr(totals, name))
        result.viewers += view.viewers
        result.peak_viewers = max(result.peak_viewers, totals.peak_viewers)
    return result


#: Viewers are those of the live ones: a session that waits remembers its last number. Peaks were not at one time.
_SUMMED = tuple(
    name
    for name, value in structs.asdict(Totals()).items()
    if isinstance(value, int) and name not in ("viewers", "peak_viewers")
)


def missing(sums: Totals) -> str:
    """What the sums lack: intervals without a connection, messages that could not be read."""
    gaps = f"{full(sums.gaps)} {'gap' if sums.gaps == 1 else 'gaps'} ({span(sums.gap_ms / 1000)})" if sums.gaps else ""
    unread = f"{full(sums.undecodable)} unreadable" if sums.undecodable else ""
    return "   ".join(part for part in (gaps, unread) if part)


def coverage(likes: int, room_likes: int) -> str:
    """The part of the room's likes that came with a name: ``33%``; a dash where there is none."""
    return f"{min(1.0, likes / room_likes):.0%}" if room_likes else "–"


def _nickname(row: Row) -> str:
    return row[NICKNAME]


def _text(row: Row) -> str:
    return row[TEXT]


def _language(row: Row) -> str:
    return str(row[DATA].language)


def _gift(row: Row) -> str:
    data = row[DATA]
    return str(data.gift_name) + (" → a guest" if data.to_user else "")


def _streak(row: Row) -> str:
    return f"×{row[DATA].repeat_count}" + ("" if row[DATA].repeat_end else "…")


def _coins(row: Row) -> str:
    """What the message adds; in brackets where it went to a guest, which the sum leaves out."""
    guest = row[DATA].guest_coins_delta
    return full(row[COINS]) if row[COINS] or not guest else f"({full(guest)})"


def _social(row: Row) -> str:
    data = row[DATA]
    return str(data.action) + (f" to {data.share_target}" if data.share_target else "")


def _users_joined(row: Row) -> str:
    joined = row[DATA].users_joined
    return full(joined) if isinstance(joined, int) else ""


def _presence(row: Row) -> str:
    if row[TYPE] == "room_update":
        return f"{full(row[DATA].total_user_count)} came in all"
    return str(row[DATA].action)


def _viewers(row: Row) -> str:
    count = row[DATA].viewer_count
    return full(count) if count else ""


def _status(row: Row) -> str:
    return str(row[DATA].battle_status or row[SUBTYPE]).replace("_", " ")


def _kind(row: Row) -> str:
    return shown_type(row[TYPE], row[SUBTYPE])


def _count(messages: Mapping[str, int], *kinds: str) -> int:
    return sum(messages.get(kind, 0) for kind in kinds)


def _gift_sums(sums: Totals) -> str:
    guests = f"   to guests {full(sums.guest_coins)}" if sums.guest_coins else ""
    return f"{full(sums.gifts)} gifts   {full(sums.coins)} coins{guests}"


def _like_sums(sums: Totals) -> str:
    part = coverage(sums.likes, sums.room_likes)
    return f"{full(sums.likes)} with a name   room total {full(sums.room_likes)}   coverage {part}"


def _social_sums(sums: Totals) -> str:
    return f"{full(sums.follows)} follows   {full(sums.shares)} shares   {full(sums.users_joined)} joined by them"


def _member_sums(sums: Totals) -> str:
    return (
        f"{full(_count(sums.messages, 'member'))} joins   {full(sums.viewers)} viewers   peak {full(sums.peak_viewers)}"
    )


def _more_sums(sums: Totals) -> str:
    rest = {kind: count for kind, count in sums.messages.items() if kind not in _ELSEWHERE}
    most = sorted(rest.items(), key=lambda item: (-item[1], item[0]))
    return "   ".join(f"{shown_type(kind, '')} {short(count)}" for kind, count in most)


def _plural(kind: str, word: str) -> Callable[[Totals], str]:
    return lambda sums: f"{full(sums.messages.get(kind, 0))} {word}"


def _number(title: str, cell: Callable[[Row], str], width: int, need: int = 0, tone: str = "log--text") -> Column:
    return Column(title, cell, width, right=True, need=need, tone=tone)


_USER = Column("user", _nickname, 18, tone="log--nick")

#: All tabs, in the order of their digits.
TABS = (
    Tab("log", "Log"),
    Tab(
        "chat",
        "Chat",
        frozenset({"chat"}),
        (_USER, Column("text", _text), Column("lang", _language, 5, tone="log--quiet", need=72)),
        _plural("chat", "comments"),
        hint="Comments will run here.",
    ),
    Tab(
        "gifts",
        "Gifts",
        frozenset({"gift"}),
        (
            Column("sender", _nickname, 16, tone="log--nick"),
            Column("gift", _gift),
            _number("streak", _streak, 7, 96, "log--quiet"),
            _number("count", lambda row: full(row[DATA].count_delta), 5),
            _number("each", lambda row: full(row[DATA].gift_value), 7, 76, "log--quiet"),
            _number("coins", _coins, 9, 0, "log--coins"),
        ),
        _gift_sums,
        hint="Gifts will run here. Count and coins are what each message adds, so they may be summed.",
    ),
    Tab(
        "likes",
        "Likes",
        frozenset({"like"}),
        (
            Column("user", _nickname, tone="log--nick"),
            _number("likes", lambda row: full(row[DATA].like_count), 8),
            _number("room total", lambda row: full(row[DATA].total_like_count), 13),
        ),
        _like_sums,
        hint="Likes will run here. TikTok names only some of those who like; coverage is their part.",
    ),
    Tab(
        "social",
        "Social",
        frozenset({"social"}),
        (_USER, Column("what", _social, tone="log--social"), _number("users joined", _users_joined, 13)),
        _social_sums,
        hint="Follows, shares and subscriptions will run here.",
    ),
    Tab(
        "members",
        "Members",
        frozenset({"member", "room_update"}),
        (_USER, Column("what", _presence, tone="log--quiet"), _number("viewers", _viewers, 9)),
        _member_sums,
        plots=True,
        hint="Who comes in, and how many watch, will run here.",
    ),
    Tab(
        "battles",
        "Battles",
        frozenset({"battle"}),
        (Column("status", _status, 15), Column("sides and scores", lambda row: battle_text(row[DATA]) or row[TEXT])),
        _plural("battle", "messages"),
        latest=lambda row: battle_text(row[DATA]),
        hint="Battles, with their sides and scores, will run here.",
    ),
    Tab(
        "more",
        "More",
        None,
        (
            Column("type", _kind, 8, tone="log--social"),
            Column("user", _nickname, 14, tone="log--nick", need=60),
            Column("what", event_text),
        ),
        _more_sums,
        hint="Questions, polls, goals, rankings and everything else will run here.",
    ),
)
_ELSEWHERE = frozenset({NOTE, *(kind for tab in TABS for kind in tab.types or ())})


def tab_named(key: str) -> Tab:
    """The tab with this key."""
    return next(tab for tab in TABS if tab.key == key)
