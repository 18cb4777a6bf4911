"""What happened in a stream: one :class:`Event` for each message TikTok sends.

The field names of the data structs are the names of the JSON that the database, the exports and the API show. Ids of
users, rooms, messages and gift groups exceed 2^53 and are strings there.

Everything here is immutable and holds no reference cycle, so the structs opt out of garbage collection: a full
collection over a million tracked objects stops the console for a fifth of a second.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

#: Event types, in the order in which a screen lists them.
TYPES = (
    *("chat", "gift", "like", "member", "social", "emote", "envelope", "question", "battle", "room_update"),
    *("ranking", "poll", "shopping", "moderation", "caption", "goal", "intro", "link", "banner"),
    *("control", "barrage", "system", "other"),
)


class Person(Struct, frozen=True, gc=False):
    """A user as one message described them; ``user_id`` is the identity, everything else may change.

    ``handle`` is lower case (TikTok's handles are case-insensitive) and without ``@``. Unknown counts are ``None``.
    """

    user_id: str
    handle: str
    nickname: str = ""
    avatar_url: str = ""
    bio: str = ""
    followers: int | None = None
    following: int | None = None
    follow_status: int = 0
    verified: bool = False
    moderator: bool = False
    gifter_level: int = 0
    member_level: int = 0
    region: str = ""

    @property
    def shown_name(self) -> str:
        """What a screen calls them: nickname, else handle, else the id."""
        return self.nickname or self.handle or self.user_id


class Data(Struct, frozen=True, gc=False, omit_defaults=False):
    """Base of the typed fields of an event (SPEC §4)."""


class ChatData(Data, frozen=True, gc=False):
    """A comment; ``mentions`` are user ids, ``emotes`` emote ids."""

    message: str
    language: str = ""
    emotes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class GiftData(Data, frozen=True, gc=False):
    """``total_cost`` is cumulative within a streak; only the ``_delta`` fields may be summed.

    A gift to a guest has ``to_user`` and no host delta: what it adds stands in ``guest_coins_delta``.
    """

    gift_name: str
    gift_id: str
    gift_value: int
    repeat_count: int
    repeat_end: bool
    group_id: str
    total_cost: int
    count_delta: int
    coins_delta: int
    image_url: str = ""
    to_user: str = ""
    guest_coins_delta: int = 0


class LikeData(Data, frozen=True, gc=False):
    """One user's likes in this message, and the room's total as TikTok counts it."""

    like_count: int
    total_like_count: int


class MemberData(Data, frozen=True, gc=False):
    """Somebody came in; ``viewer_count`` is the room's as that message tells it."""

    action: str
    viewer_count: int


class SocialData(Data, frozen=True, gc=False):
    """A follow, share or subscription; ``users_joined`` is set where TikTok says how many came by a share."""

    action: str
    follow_count: int = 0
    share_count: int = 0
    share_target: str = ""
    users_joined: int | UnsetType = UNSET


class TopViewer(Struct, frozen=True, gc=False):
    """One of the room's top givers; ``username`` is the handle."""

    user_id: str
    username: str
    coin_count: int


class RoomUpdateData(Data, frozen=True, gc=False):
    """How many watch now, and how many have in all."""

    viewer_count: int
    total_user_count: int
    top_viewers: tuple[TopViewer, ...] = ()


class ControlData(Data, frozen=True, gc=False):
    """``action`` is the schema's ``ControlAction``."""

    action: int
    tips: str = ""


class OtherData(Data, frozen=True, gc=False):
    """A message without a type of its own yet; ``error`` tells why it could not be decoded, where it could not."""

    method: str
    error: str | UnsetType = UNSET


class Event(Struct, frozen=True, gc=False):
    """One message of a room.

    ``msg_id`` is TikTok's, unique within a room (0 when a message could not be decoded far enough to have one);
    ``time_ms`` is UTC milliseconds since the epoch, TikTok's clock where it says so, else the time of arrival;
    ``place`` is the message's index within its frame. ``text`` holds neither control nor bidi-override characters.
    ``history`` marks what TikTok repeated after a connect: stored and counted, but it fires no trigger.
    """

    type: str
    subtype: str
    user: Person | None
    text: str
    time_ms: int
    data: Data
    msg_id: int
    place: int
    history: bool = False


class Batch(Struct, frozen=True, gc=False):
    """What one frame brought, after decoding: the unit that travels through the program.

    ``payload`` is the frame's bytes as they came, for the recorder. ``duplicates`` counts messages that this room had
    already delivered; ``undecodable`` counts those among ``events`` that are kept raw because they could not be read.
    """

    room_id: str
    received_ms: int
    payload: bytes
    events: tuple[Event, ...]
    duplicates: int = 0
    undecodable: int = 0
