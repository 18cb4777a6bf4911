"""Everything about a past session as lines for a person: totals, gaps with reasons, what was done to its board."""

from __future__ import annotations

from typing import NamedTuple

from tui_live.core.board import Action, Deed
from tui_live.core.lacking import coverage
from tui_live.core.past import ACTIVE, SessionFacts
from tui_live.ui.format import full, moment, size, span
from tui_live.ui.session_row import SIGNS, sign_of

_DONE = {
    Deed.RESET: "reset",
    Deed.RESET_ALL: "reset of everybody",
    Deed.PAUSE: "scoring paused",
    Deed.RESUME: "scoring goes on",
    Deed.WINNER: "winner picked",
    Deed.ASK: "comment chosen",
    Deed.UNUSE: "comment unused again",
    Deed.SHOW: "comment put on screen",
    Deed.MOVE: "comment moved",
    Deed.CLEAR: "comment cleared",
    Deed.EXPIRE: "comment's time over",
    Deed.UNDO: "undone",
}


class Fact(NamedTuple):
    """A name, a value and the value's pen; without a name it belongs to the one above, without a value it is a gap."""

    name: str = ""
    value: str = ""
    pen: str = "row--number"


def fact_lines(facts: SessionFacts, now_ms: int) -> list[Fact]:
    """All of it, in order. ``now_ms`` (UTC) is the end of a session that is under way."""
    parts = (_what(facts, now_ms), _sums(facts), _trust(facts), _done(facts), _kinds(facts))
    return [line for part in parts for line in (*part, Fact())][:-1]


def _what(facts: SessionFacts, now_ms: int) -> list[Fact]:
    session = facts.session
    sign, pen = SIGNS.get(session.status, ("?", "state--idle"))
    lines = [Fact("status", f"{sign} {session.status}", pen)]
    if session.goes_on:
        sign, pen = sign_of(session)
        said = f"{sign} goes on as soon as @{session.streamer} is live (N in the streams pane: a new one instead)"
        lines.append(Fact("", said, pen))
    lines.append(Fact("streamer", f"@{session.streamer}"))
    if facts.title:
        lines.append(Fact("title", facts.title))
    end = "under way" if session.status == ACTIVE else moment(session.end_ms)
    length = span(((session.end_ms or now_ms) - session.start_ms) / 1000)
    lines += [Fact("start", moment(session.start_ms)), Fact("end", end), Fact("length", length)]
    lines += [Fact("key", session.id), Fact("room" if len(facts.rooms) == 1 else "rooms", ", ".join(facts.rooms))]
    return lines


def _sums(facts: SessionFacts) -> list[Fact]:
    totals = facts.totals
    guests = f"   and {full(totals.guest_coins)} to guests" if totals.guest_coins else ""
    likes = full(totals.likes)
    if totals.room_likes:
        likes += f" of {full(totals.room_likes)} came with a name ({coverage(totals.likes, totals.room_likes)})"
    joined = f"   {full(totals.users_joined)} came by them" if totals.users_joined else ""
    return [
        Fact("users", full(facts.session.users)),
        Fact("coins", full(totals.coins) + guests, "log--coins"),
        Fact("gifts", full(totals.gifts)),
        Fact("likes", likes),
        Fact("follows", full(totals.follows)),
        Fact("shares", full(totals.shares) + joined),
        Fact("peak viewers", full(totals.peak_viewers)),
    ]


def _trust(facts: SessionFacts) -> list[Fact]:
    totals, session = facts.totals, facts.session
    lost = span(totals.gap_ms / 1000)
    gaps = f"{full(totals.gaps)}, {lost} without a connection" if totals.gaps else "none"
    lines = [Fact("gaps", gaps, "row--alert" if totals.gaps else "row--number")]
    for gap in facts.gaps:
        took = span((gap.end_ms - gap.start_ms) / 1000)
        end = moment(gap.end_ms)
        end = end[11:] if end[:10] == moment(gap.start_ms)[:10] else end
        lines.append(Fact("", f"{moment(gap.start_ms)} – {end}   {took}   {gap.reason}", "row--reason"))
    lines += [
        Fact("duplicates", f"{full(totals.duplicates)} (sent again by TikTok, counted once)"),
        Fact("undecodable", f"{full(totals.undecodable)} (kept as they came)"),
    ]
    kept = f"{size(facts.frame_bytes)}: it can be played again with tui-live replay {session.id}"
    lines.append(Fact("frames", kept if facts.frame_bytes else "none were kept: it cannot be replayed"))
    return lines


def _kinds(facts: SessionFacts) -> list[Fact]:
    """How many messages of each type there were, the most first."""
    kinds = sorted(facts.totals.messages.items(), key=lambda item: (-item[1], item[0]))
    lines = [Fact("events", full(facts.totals.events))]
    return lines + [Fact("", f"{full(count):>11}  {kind.replace('_', ' ')}", "row--reason") for kind, count in kinds]


def _done(facts: SessionFacts) -> list[Fact]:
    if not facts.actions:
        return [Fact("done by you", "nothing: no reset, pause, winner or chosen comment")]
    by_number = {action.number: action for action in facts.actions}
    lines = [Fact("done by you", full(len(facts.actions)))]
    for action in facts.actions:
        said = _said(action, facts.names)
        if action.deed is Deed.UNDO:
            taken_back = by_number.get(action.target)
            said = f"undone: {_said(taken_back, facts.names) if taken_back else f'number {action.target}'}"
        lines.append(Fact("", f"{moment(action.time_ms)}   {said}", "row--reason"))
    return lines


def _said(action: Action, names: dict[str, str]) -> str:
    said = _DONE.get(action.deed, str(action.deed))
    if action.deed is Deed.MOVE:
        said += " up" if action.target < 0 else " down"
    question = action.question
    if action.user_id:
        said += f"   {names.get(action.user_id, action.user_id)}"
    elif question is not None:
        said += f"   {question.nickname or question.username}: {question.text}"
    return said
