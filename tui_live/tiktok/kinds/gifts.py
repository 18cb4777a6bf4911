"""What viewers give: gifts and their streaks, treasure boxes, and the goals that gifts bring nearer."""

from __future__ import annotations

from typing import Any

from tui_live.core.counts import several
from tui_live.core.events import EnvelopeData, GiftData, GoalData
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import MOST_OF_A_NAME, common_words, count, named, words
from tui_live.tiktok.people import image_url
from tui_live.wire.schema import text

_STREAKABLE = 1
_SUPER_FAN_BOX = 19
_SUPER_FAN_KEY = "ttlive_superfanbox"
#: ``EnvelopeBusinessType`` of the schema.
_BUSINESS = {
    0: "",
    1: "user_diamond",
    2: "platform_diamond",
    3: "platform_shell",
    4: "portal",
    5: "platform_merch",
    6: "eoy_diamond",
    7: "fanclub_gtm",
    9: "platform_portal",
    10: "eoy_gtm_popularity_ticket",
    11: "eoy_gtm_revenue_diamond",
    12: "eoy_gtm_game_diamond",
    13: "creator_league_promotion_gtm",
    14: "moy_gtm_popularity_ticket",
    _SUPER_FAN_BOX: "super_fan_box",
}
#: ``EnvelopeDisplay``: the box is put away again.
_HIDE = 2
_GOAL_PARTS = 20


def gift(message: Any, room: RoomMemory) -> Parts:
    """A gift, or one step of a gift streak (see :mod:`tui_live.core.streaks`)."""
    kind = message.gift
    giver = room.person(message.user)
    receiver = room.person(message.to_user)
    gift_id = message.gift_id or kind.id
    group_id = message.group_id
    repeat_count = max(message.repeat_count, 1)
    repeat_end = bool(message.repeat_end)
    value = count(kind.diamond_count)
    if kind.type == _STREAKABLE:
        key = (int(giver.user_id) if giver else 0, gift_id, group_id)
        sent_ms = 0 if group_id else message.common.create_time
        added = room.streaks.growth(key, repeat_count, repeat_end, sent_ms)
    else:
        added = repeat_count
    for_host = room.host.receives(receiver)
    coins = count(value * added)
    name = words(kind.name, MOST_OF_A_NAME) or f"gift {gift_id}"
    data = GiftData(
        name,
        str(gift_id),
        value,
        repeat_count,
        repeat_end,
        str(group_id),
        count(value * repeat_count),
        added if for_host else 0,
        coins if for_host else 0,
        image_url(kind.image),
        receiver.user_id if receiver and not for_host else "",
        0 if for_host else coins,
    )
    return "", giver, f"{name} ×{repeat_count}", data


def envelope(message: Any, room: RoomMemory) -> Parts:
    """A treasure box. One for super fans is told by its business type or its display key, as TikTokLive does."""
    info = message.envelope_info
    business = info.business_type
    data = EnvelopeData(count(info.diamond_count), count(info.people_count), named(_BUSINESS, business, "type"))
    person = room.people.named(
        text(info.send_user_id), nickname=words(info.send_user_name), avatar=info.send_user_avatar
    )
    said = f"{several(data.coins, 'coin')} for {data.recipients:,}" if data.coins else common_words(message)
    if business == _SUPER_FAN_BOX or _SUPER_FAN_KEY in text(message.common.display_text.key).lower():
        return "super_fan_box", person, said, data
    return "hidden" if message.display == _HIDE else "", person, said, data


def goal(message: Any, room: RoomMemory) -> Parts:
    """A goal as it stands, by whoever brought it nearer; its parts (one gift each) are added up."""
    whole = message.goal
    parts = list(whole.sub_goals[:_GOAL_PARTS])
    if not parts and message.HasField("contribute_subgoal"):
        parts = [message.contribute_subgoal]
    current = count(sum(part.progress for part in parts))
    target = count(sum(part.target for part in parts))
    gifts = [words(part.gift.name, MOST_OF_A_NAME) if part.HasField("gift") else "" for part in parts]
    title = words(whole.description, MOST_OF_A_NAME)
    each = [f"{name or title or 'goal'} {part.progress}/{part.target}" for name, part in zip(gifts, parts, strict=True)]
    share = max(0.0, min(100.0, round(100 * current / target, 1))) if target > 0 else 0.0
    kind = "gift" if any(gifts) else f"type_{whole.type}" if whole.type else ""
    contributor = message.contributor_id or text(message.contributor_id_str)
    handle = words(message.contributor_display_id)
    person = room.people.named(contributor, handle, avatar=message.contributor_avatar)
    said = ", ".join(each) or title or common_words(message)
    called = title or ", ".join(dict.fromkeys(filter(None, gifts)))[:MOST_OF_A_NAME]
    goal_id = str(whole.id) if whole.id else words(whole.id_str, MOST_OF_A_NAME)
    return "", person, said, GoalData(kind, current, target, share, called, goal_id)
