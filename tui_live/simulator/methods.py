"""The other methods of TikTok's schema: any of them can be sent, those that viewers meet often with content."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from tui_live.simulator import messages, phrases
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import Person
from tui_live.wire.schema import known_methods

_OWN_BUILDERS = frozenset(
    f"Webcast{name}Message" for name in ("Chat", "Gift", "Like", "Member", "Social", "RoomUserSeq", "Control")
)


@cache
def other_methods() -> tuple[str, ...]:
    """Every method of the schema that has no builder of its own in :mod:`tui_live.simulator.messages`, sorted."""
    return tuple(sorted(known_methods() - _OWN_BUILDERS))


def _emote(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"emote_list": [{"emote_id": str(rng.randrange(10**18, 9 * 10**18))}]}


def _caption(person: Person, rng: random.Random) -> dict[str, Any]:
    language = rng.choice(("en", "es", "ja"))
    return {
        "timestamp_ms": rng.randrange(10**6),
        "duration_ms": 2000,
        "content": [{"lang": language, "content": rng.choice(phrases.TALK[language])}],
        "definite": True,
    }


def _question(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"data": {"content": rng.choice(phrases.TALK["en"]) + "?", "create_time": rng.randrange(10**9)}}


def _room(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"content": "Welcome to TikTok LIVE! Have fun interacting with others in real-time.", "is_welcome": True}


def _system(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"message": "Viewers can see who sends gifts."}


def _intro(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"id": rng.randrange(10**18), "content": "Music every evening at eight 🎹", "content_language": "en"}


def _delete(person: Person, rng: random.Random) -> dict[str, Any]:
    return {"delete_msg_ids": [rng.randrange(10**18)], "delete_user_ids": [person.user_id]}


_CONTENT: dict[str, Callable[[Person, random.Random], dict[str, Any]]] = {
    "WebcastEmoteChatMessage": _emote,
    "WebcastCaptionMessage": _caption,
    "WebcastQuestionNewMessage": _question,
    "WebcastRoomMessage": _room,
    "WebcastSystemMessage": _system,
    "WebcastLiveIntroMessage": _intro,
    "WebcastImDeleteMessage": _delete,
}


def other(method: str, stamp: Stamp, person: Person, rng: random.Random) -> Message:
    """A message of any method of the schema, by ``person`` where it has a user.

    Raises ``LookupError`` for a method that the schema does not know.
    """
    content = _CONTENT.get(method)
    return messages.build(method, stamp, person=person, **(content(person, rng) if content else {}))
