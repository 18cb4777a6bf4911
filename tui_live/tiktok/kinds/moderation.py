"""What is taken away from somebody, and why: deleted messages, removed users, warnings, punishments."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from tui_live.core.events import ModerationData
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import common_words, shown, words

_MOST_IDS = 200


def deleted(message: Any, room: RoomMemory) -> Parts:
    """Messages were deleted, or users removed with all that they wrote. It does not say by whom."""
    messages = tuple(map(str, message.delete_msg_ids[:_MOST_IDS]))
    users = tuple(map(str, message.delete_user_ids[:_MOST_IDS]))
    data = ModerationData(
        messages[0] if messages else "",
        users[0] if users else "",
        deleted_message_ids=messages if len(messages) > 1 else UNSET,
        user_ids=users if len(users) > 1 else UNSET,
    )
    target = room.people.named(message.delete_user_ids[0]) if users else None
    counted = [_count(len(messages), "message"), _count(len(users), "user")]
    said = " and ".join(part for part in counted if part) or "nothing"
    subtype = "user_removed" if users and not messages else "message_deleted"
    return subtype, target, f"{said} {'removed' if subtype == 'user_removed' else 'deleted'}", data


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}" if number else ""


def punished(message: Any, room: RoomMemory) -> Parts:
    """Somebody may no longer do something; the schema tells whom and why, and no moderator."""
    return _punishment(message, common_words(message))


def recalled(message: Any, room: RoomMemory) -> Parts:
    """A right is taken back, with a notice about it."""
    return _punishment(message, shown(message, "content", "notice") or common_words(message))


def warned(message: Any, room: RoomMemory) -> Parts:
    """TikTok shows a dialog, a line or a sheet about its rules."""
    said = (
        shown(message.dialog, "title")
        or shown(message, "toast", "float_text")
        or shown(message.sheet, "title")
        or common_words(message)
    )
    return _punishment(message, said, message.dialog.target_user_id or message.sheet.target_user_id)


def bottom(message: Any, room: RoomMemory) -> Parts:
    """A line at the bottom of the screen: be kind, this stream was warned, and the like."""
    return _punishment(message, words(message.content) or common_words(message), message.violation_user_id)


def verify(message: Any, room: RoomMemory) -> Parts:
    """TikTok checks the room, and may close it."""
    said = words(message.content) or common_words(message) or ("the room closes" if message.close_room else "")
    return "", None, said, ModerationData(reason=said)


def _punishment(message: Any, said: str, user_id: int = 0) -> Parts:
    punish = message.punish_info
    reason = words(punish.show_reason) or words(punish.punish_reason) or words(punish.punish_type)
    target = str(punish.violation_uid or "") or words(punish.violation_uid_str) or str(user_id or "")
    return "", None, said or reason, ModerationData("", target, reason or said)
