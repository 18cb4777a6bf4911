"""What each type of event carries: the types that most messages have. The rarer ones are beside this file.

The names of the fields are the names of the JSON that the database, the exports and the API show.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import UNSET, Struct, UnsetType


class Data(Struct, frozen=True, gc=False, omit_defaults=False):
    """Base of the typed fields of an event (SPEC §4): each class is the data of one type of event."""

    event_type: ClassVar[str]


class ChatData(Data, frozen=True, gc=False):
    """A comment; ``mentions`` are user ids, ``emotes`` emote ids."""

    event_type = "chat"
    message: str
    language: str = ""
    emotes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class GiftData(Data, frozen=True, gc=False):
    """``total_cost`` is cumulative within a streak; only the ``_delta`` fields may be summed.

    A gift to a guest has ``to_user`` and no host delta: what it adds stands in ``guest_coins_delta``.
    """

    event_type = "gift"
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
    """One user's likes in this message, and the room's total as TikTok counts it.

    ``follower``: TikTok said with this message that they follow the host.
    """

    event_type = "like"
    like_count: int
    total_like_count: int
    follower: bool = False


class MemberData(Data, frozen=True, gc=False):
    """Somebody came in; ``viewer_count`` is the room's as that message tells it."""

    event_type = "member"
    action: str
    viewer_count: int


class SocialData(Data, frozen=True, gc=False):
    """A follow, share or subscription; ``users_joined`` is set where TikTok says how many came by a share.

    Of whoever shares, as TikTok told with that message: ``follower``, whether they follow the host, and
    ``follower_count``, how many follow them.
    """

    event_type = "social"
    action: str
    follow_count: int = 0
    share_count: int = 0
    share_target: str = ""
    users_joined: int | UnsetType = UNSET
    follower: bool | UnsetType = UNSET
    follower_count: int | UnsetType = UNSET


class TopViewer(Struct, frozen=True, gc=False):
    """One of the room's top givers; ``username`` is the handle."""

    user_id: str
    username: str
    coin_count: int


class RoomUpdateData(Data, frozen=True, gc=False):
    """How many watch now, and how many have in all."""

    event_type = "room_update"
    viewer_count: int
    total_user_count: int
    top_viewers: tuple[TopViewer, ...] = ()


class ControlData(Data, frozen=True, gc=False):
    """``action`` is the schema's ``ControlAction``."""

    event_type = "control"
    action: int
    tips: str = ""


class OtherData(Data, frozen=True, gc=False):
    """A message without a type of its own yet; ``error`` tells why it could not be decoded, where it could not."""

    event_type = "other"
    method: str
    error: str | UnsetType = UNSET
