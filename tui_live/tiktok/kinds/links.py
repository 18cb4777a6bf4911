"""Guests and other hosts who link up with the stream. The schema carries ids and states, hardly any words."""

from __future__ import annotations

from typing import Any

from tui_live.core.events import LinkData, Person
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import common_words, named, told, words

#: ``Scene`` of the schema.
_SCENES = {0: "", 2: "co_host", 4: "multi_live"}
#: ``LinkLayerMessageType`` of the schema.
_LAYER = {
    0: "",
    1: "create",
    2: "invite",
    3: "apply",
    4: "permit",
    5: "reply",
    6: "kick_out",
    7: "cancel_apply",
    8: "cancel_invite",
    9: "leave",
    10: "finish",
    11: "list_change",
    12: "join_direct",
    13: "join_group",
    14: "permit_group",
    15: "cancel_group",
    16: "leave_group",
    17: "p2p_group_change",
    18: "group_change",
}
#: Two older messages number what happened, and the schema does not explain how; 0 says nothing.
_NUMBERED = {0: ""}
#: ``LinkmicReplyType`` and ``StateType`` of the schema.
_REPLIES = {0: "", 1: "agreed", 2: "rejected"}
_STATES = {
    0: "",
    1: "layout",
    2: "users online",
    3: "microphones",
    4: "cameras",
    5: "connection",
    6: "network",
    7: "background",
    8: "orientation",
    9: "avatar",
    10: "audio channels",
    100: "several changes",
}
#: In the older message the content that is there tells what happened.
_CONTENTS = {
    "invite_content": "invite",
    "reply_content": "reply",
    "create_content": "create",
    "close_content": "close",
    "enter_content": "enter",
    "leave_content": "leave",
    "cancel_content": "cancel",
    "kick_out_content": "kick_out",
    "linked_list_change_content": "list_change",
    "update_user_content": "update_user",
    "waiting_list_change_content": "waiting_list_change",
    "mute_content": "mute",
    "random_match_content": "random_match",
    "update_user_setting_content": "update_user_setting",
    "mic_idx_update_content": "mic_position",
    "list_change_content": "list_change",
    "cohost_list_change_content": "cohost_list_change",
    "media_change_content": "media_change",
    "reply_accept_notice_content": "reply_accepted",
    "sys_kick_out_content": "system_kick_out",
    "user_toast_content": "toast",
}
#: Where those contents name somebody: whole users first, then mere ids.
_USERS = ("from_user", "to_user")
_IDS = ("from_user_id", "user_id")


def link(message: Any, room: RoomMemory) -> Parts:
    """Somebody is invited, enters, leaves, is muted, …"""
    field = next((name for name in _CONTENTS if message.HasField(name)), "")
    scene = named(_SCENES, message.scene, "scene")
    if not field:
        return _linked(LinkData("", named(_NUMBERED, message.message_type, "type"), scene), common_words(message))
    content = getattr(message, field)
    known = content.DESCRIPTOR.fields_by_name
    person = next((room.person(getattr(content, name)) for name in _USERS if name in known), None)
    if person is None:
        person = next((room.people.named(getattr(content, name)) for name in _IDS if name in known), None)
    said, whom = told(content.display_text, room) if "display_text" in known else (common_words(message), None)
    return _linked(LinkData("", _CONTENTS[field], scene), said, person or whom)


def layer(message: Any, room: RoomMemory) -> Parts:
    """The newer message for the same; it names people by id alone, each content in a place of its own."""
    data = LinkData("", named(_LAYER, message.message_type, "type"), named(_SCENES, message.scene, "scene"))
    return _linked(data, common_words(message))


def method(message: Any, room: RoomMemory) -> Parts:
    """The oldest message for the same, by numbers that the schema does not explain."""
    data = LinkData("", named(_NUMBERED, message.message_type, "type"), named(_SCENES, message.scene, "scene"))
    said = words(message.tips) or words(message.prompts) or common_words(message)
    said = said or named(_REPLIES, message.reply_type, "reply")
    return _linked(data, said, room.people.named(message.user_id or message.from_user_id))


def fan_tickets(message: Any, room: RoomMemory) -> Parts:
    """How much each guest has been given."""
    notice = message.fan_ticket_room_notice
    said = f"{notice.total_linkmic_fan_ticket} tickets" if notice.total_linkmic_fan_ticket else common_words(message)
    return _linked(LinkData(words(notice.fan_ticket_icon_url), "fan_tickets", "multi_live"), said)


def layout(message: Any, room: RoomMemory) -> Parts:
    """The windows of guests are arranged anew."""
    return _linked(LinkData("", "layout", named(_SCENES, message.scene, "scene")), common_words(message))


def state(message: Any, room: RoomMemory) -> Parts:
    """Who is linked up now, with their microphones and cameras."""
    scene = named(_SCENES, message.scene, "scene")
    linked = len(message.user_states)
    changed = named(_STATES, message.state_type, "state")
    said = f"{linked} linked" if linked else common_words(message)
    said = " · ".join(part for part in (changed, said) if part)
    return _linked(LinkData(words(message.wallpaper_url), "state", scene), said)


def _linked(data: LinkData, said: str, person: Person | None = None) -> Parts:
    parts = (data.link_type.replace("_", " "), data.context.replace("_", " "), said)
    return "", person, " · ".join(part for part in parts if part), data
