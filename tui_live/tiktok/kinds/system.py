"""Notices, messages between TikTok's machines, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_live.core.events import OtherData, Person, SystemData
from tui_live.core.text import stored
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import common_words, cut, told, words

Build = Callable[[Any, RoomMemory], Parts]


def plain(method: str, subtype: str, *fields: str) -> Build:
    """A builder for a message that is its words: the first of ``fields`` that says something, else ``common``'s.

    One without any is described by its subtype. Whom those words name is the event's user.
    A field is a string, a display text, or a path through sub-messages such as ``dialog.title``.
    """
    unsaid = subtype.replace("_", " ")
    paths = tuple(tuple(field.split(".")) for field in fields)

    def build(message: Any, room: RoomMemory) -> Parts:
        for path in paths:
            said, person = _told_at(message, path, room)
            if said:
                break
        else:
            said, person = common_words(message), None
        return "", person, said or unsaid, SystemData(said, method)

    return build


def _told_at(message: Any, path: tuple[str, ...], room: RoomMemory) -> tuple[str, Person | None]:
    value = message
    for name in path:
        value = getattr(value, name)
    return (words(value), None) if isinstance(value, (str, bytes)) else told(value, room)


def games_offline(message: Any, room: RoomMemory) -> Parts:
    """Games of a partnership are no longer offered."""
    said = [words(game.toast_title) or words(game.toast_text) for game in message.offline_game_list[:20]]
    text = cut(", ".join(filter(None, said))) or common_words(message)
    return "", None, text, SystemData(text, "WebcastPartnershipGameOfflineMessage")


def other(method: str) -> Parts:
    """A message that TikTokLive's schema does not know: its method is all there is."""
    return "", None, method, OtherData(method)


def undecodable(method: str, error: str) -> Parts:
    """A message that could not be read; its bytes stand in the recorded frame."""
    error = stored(error)
    return "undecodable", None, f"{method or 'frame'}: {error}", OtherData(method, error)
