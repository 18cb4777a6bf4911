"""What viewers do: they come in, write, like, follow, share and subscribe; and how many they are."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from tui_live.core.events import (
    ChatData,
    EmoteData,
    LikeData,
    MemberData,
    ModerationData,
    QuestionData,
    RoomUpdateData,
    SocialData,
    SystemData,
    TopViewer,
)
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import MOST_LISTED, MOST_OF_A_NAME, common_words, count, named, words
from tui_live.tiktok.people import image_url
from tui_live.wire.schema import text

_GUIDANCE = "pm_mt_guidance_viewer_"
#: ``MemberMessageAction`` of the schema; a message without an action is a join, too.
_MEMBER_ACTIONS = {0: "joined", 1: "joined", 3: "subscribed"}
_EMOTE_TYPES = {0: "normal", 1: "with_sticker", 2: "fans"}
#: ``MessageType`` of a subscription notice: somebody subscribed, and what else it may be.
_SUBSCRIBED = 0
_NOTICES = {
    1: "reminder to the host",
    2: "expires soon",
    3: "goal created",
    4: "goal reached",
    5: "goal reached",
    6: "subscription given by TikTok",
    7: "subscriptions given by TikTok",
    8: "gift of a subscription received",
    9: "gifts of subscriptions given",
    10: "gifts of subscriptions given",
    11: "gift of a subscription needs a newer app",
    12: "gift of a subscription needs consent",
    13: "notice",
    14: "pins for moderators",
}


def chat(message: Any, room: RoomMemory) -> Parts:
    """A comment."""
    content = words(message.content)
    emotes, mentions = message.emotes, message.mention_user_list
    data = ChatData(
        content,
        words(message.content_language, MOST_OF_A_NAME),
        tuple([words(item.emote.emote_id, MOST_OF_A_NAME) for item in emotes[:MOST_LISTED]]) if emotes else (),
        tuple(map(str, mentions[:MOST_LISTED])) if mentions else (),
    )
    return "", room.person(message.user), content, data


def emote(message: Any, room: RoomMemory) -> Parts:
    """A sticker, or several at once: the data are the first one's. The schema has a name only inside the picture."""
    emotes = message.emote_list
    if not emotes:
        return "", room.person(message.user), common_words(message), EmoteData("")
    one = emotes[0]
    data = EmoteData(
        words(one.emote_id),
        words(one.image.content.name),
        named(_EMOTE_TYPES, one.emote_type, "type"),
        image_url(one.image),
    )
    said = data.emote_name or f"emote {data.emote_id}"
    return "", room.person(message.user), said if len(emotes) == 1 else f"{said} ×{len(emotes)}", data


def question(message: Any, room: RoomMemory) -> Parts:
    """A question asked through TikTok's Q&A."""
    asked = words(message.data.content)
    return "", room.person(message.data.user), asked, QuestionData(asked)


def like(message: Any, room: RoomMemory) -> Parts:
    """Likes of one user (TikTok samples these) with the room's own total (which it does not)."""
    liked = count(message.count)
    person = room.person(message.user)
    follower = person is not None and person.follow_status > 0
    return "", person, f"×{liked}", LikeData(liked, count(message.total), follower)


def member(message: Any, room: RoomMemory) -> Parts:
    """Somebody came in or subscribed; or, with an ``operator``, something was done to them."""
    person = room.person(message.user)
    action = message.action
    if action not in _MEMBER_ACTIONS and message.HasField("operator"):
        return _operated(message, room)
    done = named(_MEMBER_ACTIONS, action, "action")
    said = "" if action in _MEMBER_ACTIONS else words(message.action_description)
    return done, person, said, MemberData(done, count(message.member_count))


def _operated(message: Any, room: RoomMemory) -> Parts:
    """A moderator made somebody a moderator or removed them; other actions are told by their number."""
    operator = room.person(message.operator)
    target = room.person(message.user)
    if message.is_set_to_admin:
        done = "moderator_added"
    elif message.kick_source:
        done = "user_removed"
    else:
        done = f"member_action_{message.action}"
    reason = words(message.action_description)
    target_id = target.user_id if target else str(message.user_id) if message.user_id else ""
    data = ModerationData("", target_id, reason, operator.user_id if operator else "")
    said = target.shown_name if target else target_id
    return done, operator, ": ".join(part for part in (said, reason) if part) or done, data


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
        subtype, action = "", words(key, MOST_OF_A_NAME)
    joined = key.partition(_GUIDANCE)[2].partition("_share")[0] if subtype == "share" else ""
    counted = joined.isascii() and joined.isdecimal()
    person = room.person(message.user)
    sharer = person if subtype == "share" else None
    data = SocialData(
        action,
        count(message.follow_count),
        count(message.share_count),
        words(message.share_target, MOST_OF_A_NAME),
        int(joined[:9]) if counted else UNSET,
        UNSET if sharer is None else sharer.follow_status > 0,
        UNSET if sharer is None or sharer.followers is None else max(sharer.followers, 0),
    )
    return subtype, person, f"{data.users_joined} joined" if counted else "", data


def subscription(message: Any, room: RoomMemory) -> Parts:
    """Somebody subscribed; TikTok's reminders about subscriptions use the same message."""
    person = room.person(message.user)
    if message.message_type != _SUBSCRIBED:
        said = common_words(message) or named(_NOTICES, message.message_type, "subscription notice")
        return "subscription", person, said, SystemData(said, "WebcastSubNotifyMessage")
    months = message.sub_month
    return "", person, f"month {months}" if months > 1 else "", SocialData("subscribed")


def room_update(message: Any, room: RoomMemory) -> Parts:
    """How many watch, and who gave most."""
    top = tuple(
        TopViewer(person.user_id, person.handle, count(item.score))
        for item in (message.ranks or message.seats)[:MOST_LISTED]
        if (person := room.person(item.user)) is not None
    )
    return "", None, "", RoomUpdateData(count(message.total), count(message.total_user), top)
