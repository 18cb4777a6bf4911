"""Events of others that are about a person, told without them."""

from __future__ import annotations

from typing import Any

from tui_live.core.events import score_in_words
from tui_live.core.traces import ERASED, Traces, is_plain

#: Texts that are figures of TikTok's: a gift's name, a number of likes.
_FIGURES = frozenset({"gift", "like"})
#: Texts that somebody wrote or said: there, a name that is also a word stays.
_SAID = frozenset({"chat", "question", "caption", "intro"})
#: Texts that TikTok wrote.
_COMPOSED = frozenset({"system", "moderation", "barrage", "ranking", "link", "control", "member"})
#: Banners that are TikTok's; others, such as pins, somebody wrote.
_ANNOUNCED = frozenset({"in_room", "capsule", "guide", "toast", "room_notify", "gift_broadcast"})
#: Moderation whose text begins with the name of whom it struck.
_DONE_TO_THEM = ("moderator_added", "user_removed", "member_action_")


def told_without(
    person: Traces,
    kind: str,
    subtype: str,
    text: str,
    data: Any,
    *,
    is_about: bool = False,
    quotes: bool = False,
    is_told: bool = False,
) -> tuple[str, Any]:
    """An event's text and data without the person.

    ``is_about`` tells that its message named them, ``quotes`` that what it says is theirs, ``is_told`` that a nickname
    of theirs in TikTok's own words is no one else's.
    """
    if quotes:
        return ERASED, person.clean_data(data, lambda said: ERASED if said else "")
    if not is_about and not person.is_named_in(data):
        if is_told and (kind in _COMPOSED or (kind == "banner" and subtype in _ANNOUNCED)):
            return person.clean_composed(text), person.clean_data(data, person.clean_composed)
        text = text if kind in _FIGURES and is_plain(text, is_gift=True) else person.clean(text)
        return text, person.clean_data(data)
    clean = person.clean if kind in _SAID else person.clean_about
    cleaned = person.clean_data(data, clean)
    if kind in _FIGURES:
        return (text if is_plain(text, is_gift=True) else person.clean(text)), cleaned
    if kind == "battle" and (score := score_of(text, data)) is not None:
        sides = [(_called(side), side["score"]) for side in cleaned.get("battle_users", ())]
        return score_in_words(sides) + text[len(score) :], cleaned
    if kind == "moderation" and subtype.startswith(_DONE_TO_THEM) and person.is_id(data.get("user_id")):
        return f"{ERASED}: {cleaned['reason']}" if cleaned.get("reason") else ERASED, cleaned
    return clean(text), cleaned


def score_of(text: str, data: Any) -> str | None:
    """The beginning of a battle's text that tells its sides as the decoder puts them into words; its status may follow.

    ``None`` where the text is another. Earlier versions called a side without a name by its id.
    """
    listed = data.get("battle_users", ())
    ends = ("", f" ({data.get('battle_status', '').replace('_', ' ')})")
    for nameless in ("guest", None):
        score = score_in_words((_called(side, nameless), side["score"]) for side in listed)
        if text.startswith(score) and text[len(score) :] in ends:
            return score
    return None


def _called(side: Any, nameless: str | None = "guest") -> str:
    return str(side["display_name"] or side["username"] or nameless or side["user_id"])
