"""What the families' columns say, each from one line of the log."""

from __future__ import annotations

from tui_live.core.log import DATA, NICKNAME, SUBTYPE, TEXT, TYPE, Row
from tui_live.ui.event_text import options_text
from tui_live.ui.format import full, short


def fitted(number: int, width: int) -> str:
    """A number in full, or shortened where that has no room: digits are never cut."""
    said = full(number)
    return said if len(said) <= width else short(number)


def _spaced(word: str) -> str:
    """A word of the schema as people write it."""
    return word.replace("_", " ")


def status(row: Row) -> str:
    """What the message tells: a poll has ended, somebody was removed."""
    return _spaced(row[SUBTYPE])


def said(row: Row) -> str:
    """The message's own words."""
    return row[TEXT]


# Polls, goals, rankings


def votes(row: Row) -> str:
    """All votes together."""
    return fitted(sum(row[DATA].votes), 7)


def options(row: Row, width: int = 0) -> str:
    """Each with its bar, all of them in ``width`` cells as long as that is possible."""
    return options_text(row[DATA], width)


def goal(row: Row) -> str:
    """What the goal is called, else what kind it is."""
    return row[DATA].title or goal_kind(row) or row[TEXT]


def goal_kind(row: Row) -> str:
    """What is counted."""
    return _spaced(row[DATA].goal_type)


def goal_reached(row: Row) -> str:
    """How near a goal is, without the bar."""
    data = row[DATA]
    return f"{goal(row)} {int(data.progress)}%, {full(data.current)} of {full(data.target)}"


def ranking(row: Row) -> str:
    """Which ranking; where the message names none, what sort of message it is."""
    return _spaced(row[DATA].rank_type or row[SUBTYPE])


def place(row: Row) -> str:
    """The place, where the message names one."""
    position = row[DATA].position
    return "" if position is None else fitted(position, 6)


def category(row: Row) -> str:
    """Which part of the ranking."""
    return _spaced(row[DATA].category)


# Envelopes, emotes, captions


def envelope_coins(row: Row) -> str:
    """What is in the box; in brackets where it is hidden again, which the sum leaves out."""
    if row[SUBTYPE] == "hidden":
        return f"({fitted(row[DATA].coins, 7)})"
    return fitted(row[DATA].coins, 9)


def envelope_kind(row: Row) -> str:
    """Whose box it is, and whether it has gone."""
    return _spaced("   ".join(dict.fromkeys(part for part in (row[SUBTYPE], row[DATA].business_type) if part)))


def emote_kind(row: Row) -> str:
    """Of whom the sticker is."""
    return _spaced(row[DATA].emote_type)


def caption_kind(row: Row) -> str:
    """``partial`` may still change; an introduction is of the stream or of its game."""
    if row[TYPE] == "intro":
        return f"{row[DATA].intro_type} intro".strip()
    return row[SUBTYPE] or "caption"


def language(row: Row) -> str:
    """What TikTok takes it for."""
    return str(getattr(row[DATA], "language", ""))


# Shopping, moderation


def shop_action(row: Row) -> str:
    """TikTok's number of what happened, which its schema does not explain."""
    return fitted(row[DATA].action, 6) if row[DATA].action else ""


def product(row: Row) -> str:
    """The product's name, else whatever the message says."""
    return row[DATA].product_name or row[TEXT]


def moderated(row: Row) -> str:
    """Whom it meets: by name where that is known, and how many more."""
    data = row[DATA]
    known = row[NICKNAME]
    if data.moderator_id:
        # The line's user is the moderator; the message's words begin with whoever it is about.
        known = row[TEXT].removesuffix(f": {data.reason}") if data.user_id else ""
    more = f" +{len(data.user_ids) - 1}" if isinstance(data.user_ids, tuple) else ""
    return (known or data.user_id) + more


def moderator(row: Row) -> str:
    """Who did it; most messages do not say."""
    return (row[NICKNAME] or row[DATA].moderator_id) if row[DATA].moderator_id else ""


def reason(row: Row) -> str:
    """Why, else what was done, else which message it was."""
    data = row[DATA]
    what = "" if data.moderator_id else row[TEXT]
    which = f"message {data.deleted_message_id}" if data.deleted_message_id else ""
    return data.reason or what or which


# Links, banners


def link_kind(row: Row) -> str:
    """What happened."""
    return _spaced(row[DATA].link_type or row[SUBTYPE])


def scene(row: Row) -> str:
    """With other hosts, or with guests."""
    return _spaced(row[DATA].context)


def link_details(row: Row) -> str:
    """What the message says beyond what the columns before tell."""
    data = row[DATA]
    told = " · ".join(_spaced(part) for part in (data.link_type, data.context) if part)
    rest = row[TEXT].removeprefix(told).removeprefix(" · ")
    return "   ".join(part for part in (rest, data.url) if part)


def banner_kind(row: Row) -> str:
    """What sort of banner or line."""
    data = row[DATA]
    if row[TYPE] == "barrage":
        level = f" {data.level}" if isinstance(data.level, int) else ""
        return _spaced(row[SUBTYPE] or data.barrage_type or "barrage") + level
    return _spaced(data.banner_type or row[SUBTYPE] or "banner")


def duration(row: Row) -> str:
    """How long it is shown, as sent: TikTok tells no unit."""
    return fitted(row[DATA].display_duration, 9) if row[DATA].display_duration else ""


# The system


def system_kind(row: Row) -> str:
    """What it is about; what could not be read says so."""
    if row[TYPE] == "other":
        return "undecodable" if isinstance(row[DATA].error, str) else "unknown"
    return _spaced(row[SUBTYPE] or row[TYPE])


def method(row: Row) -> str:
    """TikTok's name for such messages."""
    return str(getattr(row[DATA], "method", "")).removeprefix("Webcast")


def system_text(row: Row) -> str:
    """The notice's words, or the method with why it could not be read; empty where the kind says it all."""
    return "" if row[TEXT] == system_kind(row) else row[TEXT]
