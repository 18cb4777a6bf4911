"""What an event says in one line, where a text alone does not: scores, votes and progress as bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_live.core.events import BattleData
from tui_live.core.log import DATA, TEXT, TYPE, Row
from tui_live.ui.format import full

_FULL, _EMPTY = "▇", "·"


def bar(part: float, width: int) -> str:
    """A part (0 … 1) of ``width`` cells."""
    filled = round(max(0.0, min(1.0, part)) * width)
    return _FULL * filled + _EMPTY * (width - filled)


def battle_text(data: BattleData) -> str:
    """``1,200 : 800  alice ▇▇▇▇▇▇│▇▇▇▇ bob``: the scores first, they are never cut; more than two sides are listed."""
    sides = [(user.display_name or user.username or "guest", user.score) for user in data.battle_users]
    if len(sides) == 2:
        (left, ours), (right, theirs) = sides
        width = 10
        mine = round(width * ours / (ours + theirs)) if ours + theirs > 0 else width // 2
        return f"{full(ours)} : {full(theirs)}  {left} {_FULL * mine}│{_FULL * (width - mine)} {right}"
    return "   ".join(f"{name} {full(score)}" for name, score in sides)


def event_text(row: Row) -> str:
    """One line about any event of the rarer types."""
    describe = _TEXTS.get(row[TYPE])
    said = describe(row[DATA]) if describe is not None else ""
    return said or row[TEXT]


def _poll(data: Any) -> str:
    votes = (*data.votes, *(0,) * len(data.options))
    most = sum(data.votes) or 1
    options = "   ".join(
        f"{option} {bar(count / most, 6)} {full(count)}" for option, count in zip(data.options, votes, strict=False)
    )
    return f"{data.question}   {options}" if data.question else options


def _goal(data: Any) -> str:
    name = f"{data.goal_type} " if data.goal_type else ""
    return f"{name}{bar(data.progress / 100, 12)} {full(data.current)} of {full(data.target)}, {data.progress:.0f}%"


def _ranking(data: Any) -> str:
    place = "" if data.position is None else f"place {full(data.position)}"
    return "   ".join(part for part in (place, data.rank_type, data.category) if part)


def _envelope(data: Any) -> str:
    return f"{full(data.coins)} coins for {full(data.recipients)} people"


def _emote(data: Any) -> str:
    return data.emote_name or f"emote {data.emote_id}"


def _shopping(data: Any) -> str:
    return "   ".join(part for part in (data.product_name, data.price) if part)


def _moderation(data: Any) -> str:
    about = f"message {data.deleted_message_id}" if data.deleted_message_id else ""
    whom = f"user {data.user_id}" if data.user_id else ""
    by = f"by {data.moderator_id}" if data.moderator_id else ""
    return "   ".join(part for part in (data.reason, about, whom, by) if part)


def _link(data: Any) -> str:
    return "   ".join(part for part in (data.link_type, data.context, data.url) if part)


def _named(field: str) -> Callable[[Any], str]:
    return lambda data: str(getattr(data, field))


_TEXTS: dict[str, Callable[[Any], str]] = {
    "poll": _poll,
    "goal": _goal,
    "ranking": _ranking,
    "envelope": _envelope,
    "emote": _emote,
    "shopping": _shopping,
    "moderation": _moderation,
    "link": _link,
    "question": _named("question_text"),
    "caption": _named("caption_text"),
    "intro": _named("intro_message"),
    "banner": _named("message"),
    "barrage": _named("message"),
    "battle": battle_text,
}
