"""``processed_data`` in two parts: a *head* that many events share, stored once, and the event's own *tail*.

A busy evening has a million comments that differ in their text alone, and its gifts repeat name, price and picture a
hundred thousand times. The JSON text of an event is ``head || tail``; where the head says so, the event's ``message``
stands between them as a JSON string. Reading needs nothing but that concatenation, so SQLite does it itself (the view
``events``), and so does an export at full speed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from tui_live.core.events import ChatData, Data

#: Fields with few different values, beside those that have their default: they go into the head.
_SHARED = frozenset(
    {
        *("action", "gift_name", "gift_id", "gift_value", "image_url", "repeat_end", "language", "method", "error"),
        *(
            "like_count",
            "follower",
            "share_target",
            "users_joined",
            "emote_id",
            "emote_name",
            "emote_type",
            "rank_type",
            "category",
        ),
        *("goal_id", "goal_type", "banner_type", "link_type", "intro_type", "business_type", "battle_status"),
        "confidence",
    }
)
#: Heads remembered with their numbers; beyond this all are forgotten and get new numbers, which costs a row each.
_REMEMBERED = 50_000
_encode = msgspec.json.Encoder().encode


class Head(NamedTuple):
    """The shared part; ``quotes``: the event's message follows as a JSON string."""

    text: str
    quotes: bool


class Heads:
    """The numbers of heads, given here in the order in which they turn up and never used for another text."""

    def __init__(self, next_number: int = 1) -> None:
        self._numbers: dict[Head, int] = {}
        self._next = next_number
        self.unwritten: list[tuple[int, str, bool]] = []

    def remember(self, number: int, head: Head) -> None:
        """A head that the database has."""
        self._numbers[head] = number
        self._next = max(self._next, number + 1)

    def forget_unwritten(self) -> int:
        """Take back the numbers that are not written, and return the first of them: another program may use it."""
        for number, text, quotes in self.unwritten:
            if self._numbers.get(head := Head(text, quotes)) == number:
                del self._numbers[head]
            self._next = min(self._next, number)
        self.unwritten.clear()
        return self._next

    def number(self, head: Head) -> int:
        """The head's number; a new one is added to ``unwritten``, rows for the table ``data_heads``."""
        found = self._numbers.get(head)
        if found is None:
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.clear()
            found = self._numbers[head] = self._next
            self._next += 1
            self.unwritten.append((found, head.text, head.quotes))
        return found


def split(data: Data, message: str) -> tuple[Head, str | None]:
    """The head and the tail of an event's data; ``message`` is the event's text, as it is stored beside them."""
    if type(data) is ChatData and data.message == message:
        if not data.emotes and not data.mentions:
            return _plain_chat(data.language), None
        rest = _encode({"emotes": data.emotes, "mentions": data.mentions}).decode()
        return _chat(data.language), f",{rest[1:]}"
    shared: list[Any] = []
    own: list[tuple[str, Any]] = []
    for name, default, is_shared in _fields(type(data)):
        value = getattr(data, name)
        if is_shared or value == default:
            shared.append(value)
        else:
            shared.append(_OWN)
            own.append((name, value))
    try:
        head = _head(type(data), tuple(shared), own[0][0] if own else "")
    except TypeError:  # a value that cannot be hashed, such as a list
        return Head("", False), _encode(data).decode()
    if not own:
        return head, None
    rest = _encode(dict(own)).decode()
    return head, rest[len(own[0][0]) + 4 :]


class _Own:
    """Stands for a value that is in the tail."""


_OWN = _Own()


@cache
def _fields(cls: type[Data]) -> tuple[tuple[str, Any, bool], ...]:
    return tuple((field.name, field.default, field.name in _SHARED) for field in msgspec.structs.fields(cls))


@lru_cache(500)
def _chat(language: str) -> Head:
    return Head(f'{{"language":{_encode(language).decode()},"message":', True)


@lru_cache(500)
def _plain_chat(language: str) -> Head:
    return Head(f'{{"language":{_encode(language).decode()},"emotes":[],"mentions":[],"message":', True)


def _head(cls: type[Data], shared: tuple[Any, ...], first_own: str) -> Head:
    """The head of a data class with these values; it ends where the first own value begins."""
    # 1, 1.0 and True are equal: their JSON is not, so the types belong to the key.
    return _made_head(cls, shared, tuple(map(type, shared)), first_own)


@lru_cache(20_000)
def _made_head(cls: type[Data], shared: tuple[Any, ...], _types: tuple[type, ...], first_own: str) -> Head:
    names = [name for name, _, _ in _fields(cls)]
    values = {
        name: value for name, value in zip(names, shared, strict=True) if value is not _OWN and value is not UNSET
    }
    text = _encode(values).decode()
    if not first_own:
        return Head(text, False)
    return Head(f'{text[:-1]}{"," if values else ""}"{first_own}":', False)
