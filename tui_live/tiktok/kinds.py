"""One builder for each kind of message: the upb message in, (type, subtype, user, text, data) out.

``BUILDERS`` is the table of TikTok's methods; a method without a row becomes ``other`` under its own name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from tui_live.core.events import (
    ChatData,
    ControlData,
    Data,
    GiftData,
    LikeData,
    MemberData,
    OtherData,
    Person,
    RoomUpdateData,
    SocialData,
    TopViewer,
)
from tui_live.core.streaks import StreakLedger
from tui_live.core.text import stored
from tui_live.tiktok.people import People
from tui_live.wire.schema import text

#: ``ControlAction`` of the schema.
PAUSED, RESUMED, ENDED, SUSPENDED = 1, 2, 3, 4
_CONTROL_WORDS = {PAUSED: "paused", RESUMED: "resumed", ENDED: "ended", SUSPENDED: "suspended"}
_STREAKABLE = 1
_GUIDANCE = "pm_mt_guidance_viewer_"

Parts = tuple[str, str, Person | None, str, Data]


class Host:
    """Whose room it is: tells gifts to the host from gifts to a guest. The id is 0 while it is not known."""

    __slots__ = ("handle", "user_id")

    def __init__(self, handle: str, user_id: int = 0) -> None:
        self.handle = handle
        self.user_id = user_id

    def receives(self, to_user: Any) -> bool:
        """Whether a gift's ``to_user`` is the host; nobody named means the host."""
        target = to_user.id
        if not target:
            return True
        if self.user_id:
            return bool(target == self.user_id)
        handle = text(to_user.display_id).lower()
        return not handle or handle == self.handle


class RoomMemory:
    """What decoding must remember of one room: the gift streaks, the people, and who the host is.

    ``now_ms`` is when the frame being decoded was received.
    """

    __slots__ = ("host", "now_ms", "people", "streaks")

    def __init__(self, host: Host) -> None:
        self.host = host
        self.streaks = StreakLedger()
        self.people = People()
        self.now_ms = 0

    def person(self, user: Any) -> Person | None:
        """The person in an upb ``User``."""
        return self.people.find(user, self.now_ms)


def chat(message: Any, room: RoomMemory) -> Parts:
    """A comment."""
    content = stored(text(message.content))
    data = ChatData(
        content,
        stored(text(message.content_language)),
        tuple(stored(text(item.emote.emote_id)) for item in message.emotes),
        tuple(str(user_id) for user_id in message.mention_user_list),
    )
    return "chat", "", room.person(message.user), content, data


def gift(message: Any, room: RoomMemory) -> Parts:
    """A gift, or one step of a gift streak (see :mod:`tui_live.core.streaks`)."""
    kind = message.gift
    sender = message.user.id
    gift_id = message.gift_id or kind.id
    repeat_count = max(message.repeat_count, 1)
    repeat_end = bool(message.repeat_end)
    value = kind.diamond_count
    if kind.type == _STREAKABLE:
        count = room.streaks.growth((sender, gift_id, message.group_id), repeat_count, repeat_end)
    else:
        count = repeat_count
    to_user = message.to_user
    for_host = room.host.receives(to_user)
    coins = value * count
    name = stored(text(kind.name)) or f"gift {gift_id}"
    data = GiftData(
        name,
        str(gift_id),
        value,
        repeat_count,
        repeat_end,
        str(message.group_id),
        value * repeat_count,
        count if for_host else 0,
        coins if for_host else 0,
        next((stored(text(url)) for url in kind.image.url_list), ""),
        str(to_user.id) if to_user.id else "",
        0 if for_host else coins,
    )
    return "gift", "", room.person(message.user), f"{name} ×{repeat_count}", data


def like(message: Any, room: RoomMemory) -> Parts:
    """Likes of one user (TikTok samples these) with the room's own total (which it does not)."""
    count = message.count
    return "like", "", room.person(message.user), f"×{count}", LikeData(count, message.total)


def member(message: Any, room: RoomMemory) -> Parts:
    """Somebody came in (or subscribed: action 3)."""
    action = "subscribed" if message.action == 3 else "joined"
    return "member", action, room.person(message.user), "", MemberData(action, message.member_count)


def social(message: Any, room: RoomMemory) -> Parts:
    """A follow or a share; the display text's key tells which (FACTS), else the action number."""
    key = text(message.common.display_text.key)
    if "follow" in key or (not key and message.action == 1):
        subtype, action = "follow", "followed"
    elif "share" in key or (not key and message.action == 3):
        subtype, action = "share", "shared"
    elif "subscribe" in key:
        subtype, action = "subscribe", "subscribed"
    else:
        subtype, action = "", stored(key)
    joined = key.partition(_GUIDANCE)[2].partition("_share")[0]
    data = SocialData(
        action,
        message.follow_count,
        message.share_count,
        stored(text(message.share_target)),
        int(joined[:9]) if subtype == "share" and joined.isdecimal() else UNSET,
    )
    return "social", subtype, room.person(message.user), "", data


def room_update(message: Any, room: RoomMemory) -> Parts:
    """How many watch, and who gave most."""
    top = tuple(
        TopViewer(str(item.user.id), stored(text(item.user.display_id)).lower(), item.score)
        for item in (message.ranks or message.seats)
    )
    data = RoomUpdateData(message.total, message.total_user, top)
    return "room_update", "", None, "", data


def control(message: Any, room: RoomMemory) -> Parts:
    """The stream paused, went on, ended or was suspended."""
    action = message.action
    tips = stored(text(message.tips))
    return "control", _CONTROL_WORDS.get(action, f"action_{action}"), None, tips, ControlData(action, tips)


BUILDERS: dict[str, Callable[[Any, RoomMemory], Parts]] = {
    "WebcastChatMessage": chat,
    "WebcastGiftMessage": gift,
    "WebcastLikeMessage": like,
    "WebcastMemberMessage": member,
    "WebcastSocialMessage": social,
    "WebcastRoomUserSeqMessage": room_update,
    "WebcastControlMessage": control,
}


def other(method: str, message: Any, room: RoomMemory) -> Parts:
    """A message without a builder: its method, and the sender where the schema puts one under ``user``."""
    sender = getattr(message, "user", None)
    found = room.person(sender) if sender is not None and hasattr(sender, "display_id") else None
    return "other", "", found, method, OtherData(method)


def undecodable(method: str, error: str) -> Parts:
    """A message that could not be read; its bytes stand in the recorded frame."""
    return "other", "undecodable", None, f"{method or 'frame'}: {error}", OtherData(method, error)
