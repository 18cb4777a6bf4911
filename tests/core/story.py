"""Events of a stream as a story tells them: seconds after :data:`START`, and people by numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache

from msgspec import UNSET

from tui_live.core.events import (
    Batch,
    ChatData,
    Data,
    Event,
    GiftData,
    LikeData,
    MemberData,
    Person,
    RoomUpdateData,
    SocialData,
)

#: Friday, 15 January 2027, 08:00 UTC.
START = 1_800_000_000_000
_ids = itertools.count(1)


@cache
def person(number: int, followers: int | None = None, follows: bool = False) -> Person:
    return Person(str(number), f"p{number}", f"P {number}", followers=followers, follow_status=int(follows))


def event(at_s: float, who: Person | int | None, data: Data, subtype: str = "", *, history: bool = False) -> Event:
    someone = person(who) if isinstance(who, int) else who
    at_ms = START + round(at_s * 1000)
    return Event(data.event_type, subtype, someone, "", at_ms, data, next(_ids), 0, history)


def chat(at_s: float, who: Person | int, language: str = "") -> Event:
    return event(at_s, who, ChatData("hello", language))


def like(at_s: float, who: Person | int, count: int = 5, total: int = 0) -> Event:
    return event(at_s, who, LikeData(count, total))


def gift(at_s: float, who: Person | int, count: int = 1, price: int = 10, name: str = "Rose") -> Event:
    return event(at_s, who, GiftData(name, f"id of {name}", price, count, True, "1", price, count, count * price))


def join(at_s: float, who: Person | int) -> Event:
    return event(at_s, who, MemberData("joined", 0), "joined")


def follow(at_s: float, who: Person | int) -> Event:
    return event(at_s, who, SocialData("followed"), "follow")


def share(at_s: float, who: Person | int | None, target: str = "", joined: int | None = None) -> Event:
    users = UNSET if joined is None else joined
    return event(at_s, who, SocialData("shared", share_target=target, users_joined=users), "share")


def viewers(at_s: float, count: int, total: int = 0) -> Event:
    return event(at_s, None, RoomUpdateData(count, total))


def batch(events: Sequence[Event], received_s: float = 0, room_id: str = "7") -> Batch:
    """One batch; it came with its last event, or later."""
    latest = max([START + round(received_s * 1000), *(each.time_ms for each in events)])
    return Batch(room_id, latest, b"", tuple(events))


def batches(events: Sequence[Event], cuts: Iterable[int] = ()) -> list[Batch]:
    """The events in batches that begin at ``cuts``."""
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(events)}), len(events)]
    return [batch(events[start:end]) for start, end in itertools.pairwise(edges)]
