"""The log, the tabs of what every stream has, and of battles."""

from __future__ import annotations

from tui_live.core.counts import several
from tui_live.core.log import COINS, DATA, SUBTYPE, TEXT, TYPE, Row
from tui_live.core.totals import Totals
from tui_live.ui.event_text import battle_score
from tui_live.ui.format import full
from tui_live.ui.tabs.tab import USER, Column, Tab, counted, number, text, user


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
    status, subtype = str(row[DATA].battle_status), str(row[SUBTYPE])
    if subtype == "armies" and status in ("", "started"):
        return "scores"  # what began it is told by the message that did
    return (status or subtype).replace("_", " ")


def _gift_sums(sums: Totals) -> str:
    guests = f"   {several(sums.guest_coins, 'coin')} to guests" if sums.guest_coins else ""
    return f"{several(sums.gifts, 'gift')}   {several(sums.coins, 'coin')}{guests}"


def _like_sums(sums: Totals) -> str:
    return f"{full(sums.likes)} with a name   room total {full(sums.room_likes)}"


def _social_sums(sums: Totals) -> str:
    follows, shares = several(sums.follows, "follow"), several(sums.shares, "share")
    return f"{follows}   {shares}   {full(sums.users_joined)} joined by them"


def _member_sums(sums: Totals) -> str:
    joins, viewers = several(sums.messages.get("member", 0), "join"), several(sums.viewers, "viewer")
    return f"{joins}   {viewers}" + (f"   peak {full(sums.peak_viewers)}" if sums.peak_viewers else "")


#: In the order of their digits.
USUAL = (
    Tab("log", "Log"),
    Tab(
        "chat",
        "Chat",
        frozenset({"chat"}),
        (USER, Column("lang", _language, 5, tone="log--quiet", need=72), Column("text", text)),
        counted(("chat", "comments")),
        hint="Comments will run here.",
    ),
    Tab(
        "gifts",
        "Gifts",
        frozenset({"gift"}),
        (
            Column("sender", user, 16, tone="log--nick"),
            Column("gift", _gift),
            number("streak", _streak, 7, 96, "log--quiet"),
            number("count", lambda row: full(row[DATA].count_delta), 5),
            number("each", lambda row: full(row[DATA].gift_value), 7, 76, "log--quiet"),
            number("coins", _coins, 9, 0, "log--coins"),
        ),
        _gift_sums,
        hint="Gifts will run here. Count and coins are what each message adds, so they may be summed.",
    ),
    Tab(
        "likes",
        "Likes",
        frozenset({"like"}),
        (
            Column("user", user, tone="log--nick"),
            number("likes", lambda row: full(row[DATA].like_count), 8),
            number("room total", lambda row: full(row[DATA].total_like_count), 13),
        ),
        _like_sums,
        hint="Likes will run here. TikTok names only some of those who like; coverage is their part.",
    ),
    Tab(
        "social",
        "Social",
        frozenset({"social"}),
        (USER, Column("what", _social, tone="log--social"), number("users joined", _users_joined, 13)),
        _social_sums,
        hint="Follows, shares and subscriptions will run here.",
    ),
    Tab(
        "members",
        "Members",
        frozenset({"member", "room_update"}),
        (USER, Column("what", _presence, tone="log--quiet"), number("viewers", _viewers, 9)),
        _member_sums,
        plots=True,
        hint="Who comes in, and how many watch, will run here.",
    ),
    Tab(
        "battles",
        "Battles",
        frozenset({"battle"}),
        (Column("status", _status, 15), Column("sides and scores", lambda row: battle_score(row) or row[TEXT])),
        counted(("battle", "messages")),
        latest=battle_score,
        hint="Battles, with their sides and scores, will run here.",
    ),
)
