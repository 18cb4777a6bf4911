"""One function per kind of message: Webcast bytes, and what a receiver should make of them.

A serialized protobuf message is its fields in any order, so what never changes (a person, a gift) is serialized once
and joined to the few bytes that are new. That makes a message in a few microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from tui_live.simulator import catalogue
from tui_live.simulator.fields import field, varint
from tui_live.simulator.people import Person
from tui_live.wire.schema import known_methods, message_class, method_class

PAUSED, UNPAUSED, ENDED, SUSPENDED = 1, 2, 3, 4
FOLLOW_KEY = "pm_main_follow_message_viewer_2"
SHARE_KEY = "pm_mt_guidance_share"
JOINED_BY_SHARE_KEY = "pm_mt_guidance_viewer_{}_share"
EMOTE_URL = "https://p16-webcast.tiktokcdn.com/webcast-va/emote.png"
#: Bytes that no protobuf parser accepts: a field that claims to be longer than the message.
UNREADABLE = b"\x0a\xff\xff\xff\x7f\x00TikTok"


class Effect(Struct, frozen=True):
    """What a message means for the truth; ``person`` is who did it."""

    person: Person | None = None


class Comment(Effect, frozen=True):
    """A chat message."""


class GiftSent(Effect, frozen=True, kw_only=True):
    """A gift message: ``repeat_count`` is cumulative within the streak ``group_id``, ``coins`` the price of one."""

    gift_id: int
    group_id: int
    repeat_count: int
    coins: int
    streakable: bool
    to_guest: bool


class Liked(Effect, frozen=True, kw_only=True):
    """``count`` likes of a person; ``total`` is the room's."""

    count: int
    total: int


class Joined(Effect, frozen=True):
    """A person came in."""


class Followed(Effect, frozen=True):
    """A person followed the host."""


class Shared(Effect, frozen=True):
    """A person shared the stream, or people came by a share."""


class Viewers(Effect, frozen=True, kw_only=True):
    """The room's number of viewers."""

    total: int


class _Mark(Effect, frozen=True, kw_only=True):
    name: str


NOTHING = _Mark(name="nothing")
UNDECODABLE = _Mark(name="undecodable")
UNKNOWN = _Mark(name="unknown")


class Stamp(Struct, frozen=True, gc=False):
    """What every message carries: its id, its room and TikTok's time (UTC ms)."""

    msg_id: int
    room_id: int
    time_ms: int


class Message(Struct, frozen=True):
    """A message as it lies in a batch, and its effect. ``msg_id`` stands in the envelope and in ``common``."""

    method: str
    payload: bytes
    msg_id: int
    effect: Effect = NOTHING


@cache
def _class(method: str) -> tuple[type[Any], int]:
    """The upb class of a method and the number of its ``user`` field (0 without one)."""
    cls = method_class(method)
    if cls is None:
        raise LookupError(f"TikTokLive's schema knows no {method}")
    user = cls.DESCRIPTOR.fields_by_name.get("user")
    is_user = user is not None and user.message_type is not None and user.message_type.name.endswith("_User")
    return cls, user.number if is_user else 0


def prepare() -> None:
    """Import TikTokLive and build the class of every method: seconds, once in a process, safe in a thread."""
    for method in known_methods():
        _class(method)
    for name in ("User", "Gift", "UserIdentity", "ProtoMessageFetchResult", "WebcastPushFrame"):
        message_class(name)


def build(
    method: str,
    stamp: Stamp,
    effect: Effect = NOTHING,
    /,
    *,
    person: Person | None = None,
    key: str = "",
    joined: bytes = b"",
    **fields: Any,
) -> Message:
    """A message of any method that the schema knows, from its own ``fields``.

    ``person`` fills ``user`` where the method has one, ``key`` is ``common.display_text.key``, ``joined`` are
    serialized fields to add. Raises ``LookupError`` for an unknown method.
    """
    cls, user_number = _class(method)
    message = cls(**fields)
    common = message.common
    common.method = method
    common.msg_id = stamp.msg_id
    common.room_id = stamp.room_id
    common.create_time = stamp.time_ms
    common.is_show_msg = True
    if key:
        common.display_text.key = key
    payload = message.SerializeToString() + joined
    if person is not None and user_number > 0:
        payload += person.field(user_number)
    return Message(method, payload, stamp.msg_id, effect)


def chat(
    stamp: Stamp,
    person: Person,
    text: str | bytes,
    language: str = "en",
    *,
    mentioned: Person | None = None,
    emotes: Sequence[str] = (),
) -> Message:
    """A comment; ``bytes`` are sent as they are, whether UTF-8 or not.

    Whom it mentions stands in its text, too. ``emotes`` are ids; TikTok puts them into the text by their places.
    """
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    joined = field(3, content) + person.identity
    more: dict[str, Any] = {}
    if mentioned is not None:
        joined += mentioned.field(12) + mentioned.field(28)
        more["mention_user_list"] = [mentioned.user_id]
    if emotes:
        picture = {"url_list": [EMOTE_URL]}
        more["emotes"] = [
            {"index": len(text), "emote": {"emote_id": emote, "image": picture, "emote_type": 0}} for emote in emotes
        ]
    return build(
        "WebcastChatMessage",
        stamp,
        Comment(person),
        person=person,
        joined=joined,
        content_language=language,
        **more,
    )


def gift(  # noqa: PLR0913 - the parts of a gift
    stamp: Stamp,
    person: Person,
    sort: catalogue.Gift,
    media_url: str,
    *,
    group_id: int,
    repeat_count: int = 1,
    repeat_end: bool = False,
    to_user: Person | None = None,
    to_guest: bool = False,
) -> Message:
    """A gift, or one step of a streak. TikTok names the receiver in ``to_user``, or nobody when it is the host."""
    joined = catalogue.wire(sort, media_url)
    if to_user is not None:
        joined += to_user.field(8)
    return build(
        "WebcastGiftMessage",
        stamp,
        GiftSent(
            person,
            gift_id=sort.gift_id,
            group_id=group_id,
            repeat_count=repeat_count,
            coins=sort.coins,
            streakable=sort.streakable,
            to_guest=to_guest,
        ),
        person=person,
        joined=joined,
        gift_id=sort.gift_id,
        group_id=group_id,
        repeat_count=repeat_count,
        combo_count=repeat_count,
        group_count=1,
        repeat_end=int(repeat_end),
        fan_ticket_count=sort.coins * repeat_count,
    )


def like(stamp: Stamp, person: Person, count: int, total: int) -> Message:
    """A person's likes since TikTok's last message about them; ``total`` counts everybody's, also unreported ones."""
    return build(
        "WebcastLikeMessage", stamp, Liked(person, count=count, total=total), person=person, count=count, total=total
    )


def member(stamp: Stamp, person: Person, viewers: int) -> Message:
    """A person joins (``action`` 1)."""
    return build("WebcastMemberMessage", stamp, Joined(person), person=person, action=1, member_count=viewers)


def follow(stamp: Stamp, person: Person, follow_count: int) -> Message:
    """A person follows the host."""
    return build(
        "WebcastSocialMessage",
        stamp,
        Followed(person),
        person=person,
        key=FOLLOW_KEY,
        action=1,
        follow_count=follow_count,
    )


def share(stamp: Stamp, person: Person, share_count: int, joined: int = 0, target: str = "") -> Message:
    """A person shares the stream; with ``joined``, TikTok tells that so many people came by their share."""
    key = JOINED_BY_SHARE_KEY.format(joined) if joined else SHARE_KEY
    return build(
        "WebcastSocialMessage",
        stamp,
        Shared(person),
        person=person,
        key=key,
        action=3,
        share_type=1,
        share_count=share_count,
        share_target=target,
    )


def room_update(stamp: Stamp, viewers: int, total_user: int, top: list[tuple[Person, int]]) -> Message:
    """Viewers now, visitors so far, and the top contributors with their coins, best first."""
    rows = b"".join(
        field(2, b"\x08" + varint(coins) + field(2, person.wire) + b"\x18" + varint(rank))
        for rank, (person, coins) in enumerate(top, 1)
    )
    return build(
        "WebcastRoomUserSeqMessage",
        stamp,
        Viewers(total=viewers),
        joined=rows,
        total=viewers,
        popularity=viewers,
        total_user=total_user,
    )


def control(stamp: Stamp, action: int, tips: str = "") -> Message:
    """The stream is paused (1), goes on (2), has ended (3) or was suspended (4)."""
    return build("WebcastControlMessage", stamp, action=action, tips=tips)


def undecodable(stamp: Stamp, method: str = "WebcastChatMessage") -> Message:
    """A message of a known method whose payload no parser accepts."""
    return Message(method, UNREADABLE, stamp.msg_id, UNDECODABLE)


def unknown(stamp: Stamp, method: str = "WebcastBrandNewMessage") -> Message:
    """A message of a method that no schema knows; its payload is well-formed."""
    return Message(method, b"\x08\x96\x01" + field(2, str(stamp.msg_id).encode()), stamp.msg_id, UNKNOWN)
