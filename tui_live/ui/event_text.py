"""What an event says in one line, where a text alone does not: scores, votes and progress as bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.cells import cell_len

from tui_live.core.counts import several
from tui_live.core.events import BattleData, GoalData, OtherData, PollData
from tui_live.core.log import DATA, SUBTYPE, TEXT, TYPE, Row
from tui_live.ui.format import fit, full, short

#: Messages about a battle that tell no score.
_WITHOUT_SCORES = frozenset({"item_card", "punish", "task"})
_FULL, _EMPTY = "▇", "·"
_LEVELS = "▁▂▃▄▅▆▇█"
#: Cells of the bar and of the name of a poll's options, as they are shortened step by step.
_SHORTER = ((6, 12), (3, 12), (3, 8), (3, 5), (1, 8), (1, 5), (1, 4), (1, 3))


def bar(part: float, width: int) -> str:
    """A part (0 … 1) of ``width`` cells; where that is one, its height tells."""
    part = max(0.0, min(1.0, part))
    if width == 1:
        return _LEVELS[int(part * 7.999)]
    filled = round(part * width)
    return _FULL * filled + _EMPTY * (width - filled)


def battle_text(data: BattleData) -> str:
    """``1,200 : 800  alice ▇▇▇▇▇▇│▇▇▇▇ bob``: the scores first, they are never cut; more than two sides are listed.

    Empty where no side has a score.
    """
    sides = [(user.display_name or user.username or "guest", user.score) for user in data.battle_users]
    if all(score is None for _, score in sides):
        return ""
    if len(sides) == 2 and None not in (sides[0][1], sides[1][1]):
        (left, ours), (right, theirs) = ((name, score or 0) for name, score in sides)
        width = 10
        mine = round(width * ours / (ours + theirs)) if ours + theirs > 0 else width // 2
        return f"{full(ours)} : {full(theirs)}  {left} {_FULL * mine}│{_FULL * (width - mine)} {right}"
    return "   ".join(name if score is None else f"{name} {full(score)}" for name, score in sides)


def battle_score(row: Row) -> str:
    """The sides with their scores; empty for what happens beside them, such as a card that is played."""
    # Earlier versions wrote a score of 0 into messages that have none.
    data = row[DATA]
    return "" if row[SUBTYPE] in _WITHOUT_SCORES or not isinstance(data, BattleData) else battle_text(data)


def event_text(row: Row) -> str:
    """One line about any event of the rarer types."""
    if row[TYPE] == "battle":
        return battle_score(row) or row[TEXT]
    describe = _TEXTS.get(row[TYPE])
    # Data that the database could not tell are those of another type.
    said = "" if describe is None or isinstance(row[DATA], OtherData) else describe(row[DATA])
    return said or row[TEXT]


def options_text(data: PollData, width: int = 0) -> str:
    """``first ▇▇▇▇▇· 30   second ▇····· 10``: each option with its part of all votes.

    Within ``width`` cells (0: any number), bars and names are shortened before an option falls off the end.
    """
    votes = (*data.votes, *(0,) * len(data.options))
    most = sum(data.votes) or 1
    options = tuple(zip(data.options, votes, strict=False))
    said = "   ".join(f"{option} {bar(count / most, 6)} {full(count)}" for option, count in options)
    for cells, longest in _SHORTER if width else ():
        if cell_len(said) <= width:
            break
        said = "  ".join(
            f"{fit(option, min(cell_len(option), longest))} {bar(count / most, cells)} {short(count)}"
            for option, count in options
        )
    return said


def poll_text(data: PollData, width: int = 0) -> str:
    """The question and the options, those within ``width`` cells."""
    options = options_text(data, width)
    return f"{data.question}   {options}" if data.question else options


def goal_bar(data: GoalData) -> str:
    """How near a goal is, in 12 cells. It is full only when the goal is reached."""
    return bar(int(data.progress * 12 / 100) / 12, 12)


def _goal(data: Any) -> str:
    """The part is rounded down: a goal is not reached before it is."""
    name = data.title or data.goal_type.replace("_", " ")
    said = f"{goal_bar(data)} {full(data.current)} of {full(data.target)}, {int(data.progress)}%"
    return f"{name} {said}" if name else said


def _ranking(data: Any) -> str:
    place = "" if data.position is None else f"place {full(data.position)}"
    return "   ".join(part for part in (place, data.rank_type, data.category) if part)


def _envelope(data: Any) -> str:
    return f"{several(data.coins, 'coin')} for {several(data.recipients, 'person', 'people')}"


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
    "poll": poll_text,
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
}
