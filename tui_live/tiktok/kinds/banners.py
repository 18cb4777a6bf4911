"""What lies over the picture: cards, banners, announcements, pinned messages, and the lines that fly across."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from tui_live.core.counts import several
from tui_live.core.events import BannerData, BarrageData, Person
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import common_told, common_words, cut, named, shown_of, words
from tui_live.wire.schema import text

#: ``BarrageMessageBarrageType`` of the schema.
_BARRAGES = {
    0: "",
    1: "order",
    2: "buying",
    3: "normal",
    4: "subscribe",
    5: "event_view",
    6: "event_registered",
    7: "subscribe_gift",
    8: "level_up",
    9: "level_entrance",
    10: "member_level_up",
    11: "member_entrance",
    12: "game_partnership",
    13: "gift_gallery",
    14: "bought",
    15: "anonymous_entrance",
    100: "common",
}
#: Where a barrage has its words, and who rose to which level.
_BARRAGE_TEXTS, _LEVELS = ("content", "common_barrage_content"), ("user_grade_param", "fans_level_param")
#: Display keys of super fans, as TikTokLive tells them apart; the first contains the second.
_SUPER_FAN_JOIN, _SUPER_FAN = "ttlive_superfan_commentnotif_superfanjoined", "ttlive_superfan"
#: ``PinMessageActionType`` and the pins of subscription cards.
_PINS = {0: "", 1: "pin", 2: "unpin"}
#: What can be pinned, in the order of the schema.
_PINNED = ("chat_message", "social_message", "gift_message", "member_message", "like_message")


def barrage(message: Any, room: RoomMemory) -> Parts:
    """A line flies over the stream: a super fan, a new level, a purchase."""
    texts = [name for name in _BARRAGE_TEXTS if message.HasField(name)]
    keys = [text(getattr(message, name).key).lower() for name in texts]
    sort = named(_BARRAGES, message.msg_type, "type")
    if any(_SUPER_FAN_JOIN in key for key in keys):
        subtype = "super_fan_join"
    elif any(_SUPER_FAN in key for key in keys):
        subtype = "super_fan"
    else:
        subtype = sort
    person, level = room.person(message.user), 0
    for name in _LEVELS:
        if message.HasField(name):
            risen = getattr(message, name)
            person, level = person or room.person(risen.user), level or risen.current_grade
    said, whom = shown_of(message, room, *texts)
    said = said or common_words(message) or subtype.replace("_", " ")
    return subtype, person or whom, said, BarrageData(said, sort, message.duration, level or UNSET)


def in_room(message: Any, room: RoomMemory) -> Parts:
    """A banner of TikTok's; the schema knows nothing of it but what all messages have."""
    said, person = common_told(message, room)
    return _banner("in_room", said, person=person)


def boost_cards(message: Any, room: RoomMemory) -> Parts:
    """Cards that make the stream better known."""
    count = len(message.cards)
    return _banner("boost_card", common_words(message) or (several(count, "card") if count else ""))


def capsule(message: Any, room: RoomMemory) -> Parts:
    """A small button with a line of text."""
    said, person = shown_of(message, room, "desc", "button_text")
    return _banner("capsule", said or common_words(message), person=person)


def guide(message: Any, room: RoomMemory) -> Parts:
    """A hint what one could do, such as to send a certain gift."""
    return _banner("guide", words(message.description) or common_words(message), message.duration)


def toast(message: Any, room: RoomMemory) -> Parts:
    """A line that comes and goes."""
    said, person = common_told(message, room)
    return _banner("toast", said or words(message.scene), message.display_duration_millisecond, person)


def marquee(message: Any, room: RoomMemory) -> Parts:
    """Announcements that run through the picture."""
    said = [words(entity.notify.content) for entity in message.message_entity[:20]]
    return _banner("marquee", cut(" · ".join(filter(None, said))) or common_words(message))


def notify(message: Any, room: RoomMemory) -> Parts:
    """Something great happened, here or in another room."""
    said = words(message.content) or common_words(message)
    return _banner("room_notify", said, message.extra.duration, room.person(message.user))


def gift_broadcast(message: Any, room: RoomMemory) -> Parts:
    """A great gift is told to all rooms."""
    inner = message.notify
    person = room.person(inner.user) or room.people.named(message.from_user_id)
    said = words(inner.content) or common_words(inner) or common_words(message)
    return _banner("gift_broadcast", said, inner.extra.duration, person)


def speaker(message: Any, room: RoomMemory) -> Parts:
    """A loudspeaker; the schema knows nothing of it but what all messages have."""
    said, person = common_told(message, room)
    return _banner("speaker", said, person=person)


def pin(message: Any, room: RoomMemory) -> Parts:
    """A message is pinned over the chat, or taken down; the person is who pinned it, else who wrote it."""
    field = next((name for name in _PINNED if message.HasField(name)), "")
    author = None
    if not field:
        said = common_words(message)
    else:
        pinned = getattr(message, field)
        author = room.person(pinned.user)
        content = words(pinned.content) if field == "chat_message" else common_words(pinned)
        said = content or field.removesuffix("_message")
        said = f"{author.shown_name}: {said}" if author else said
    subtype = named(_PINS, message.action, "action") or "pin"
    return subtype, room.person(message.operator) or author, said, BannerData(said, subtype, message.display_duration)


def subscription_pin(message: Any, room: RoomMemory) -> Parts:
    """A card about subscriptions is pinned, or taken down."""
    card = message.card
    said = words(card.title.content) or words(card.desc.content) or common_words(message)
    subtype = "sub_unpin" if message.action_type == 2 else "sub_pin"
    return subtype, room.people.named(message.operator_user_id), said, BannerData(said, subtype, card.time_to_live)


def _banner(sort: str, said: str, duration: int = 0, person: Person | None = None) -> Parts:
    return "", person, said, BannerData(said, sort, duration)
