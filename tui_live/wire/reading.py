"""Classes for reading messages quickly: a user's parts stay serialized until somebody asks.

Making Python objects for sub-messages is most of what reading costs (0.3 to 0.5 µs each), and nearly every message
carries a ``User`` with ten of them that seldom change. Here they are bytes: whoever has seen the same bytes before
need not parse them again.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from tui_live.wire.schema import Schema, message_class, proto_parent


@cache
def _schema() -> Schema:
    from TikTokLive import proto

    return Schema(sealed=[proto_parent(proto.User)])


@cache
def reading_class(method: str) -> type[Any] | None:
    """The upb class that reads a Webcast method, users sealed; ``None`` when TikTokLive does not know the method."""
    from TikTokLive.events.proto_events import EVENT_MAPPINGS

    event = EVENT_MAPPINGS.get(method)
    return None if event is None else _schema().mirror(proto_parent(event))


@cache
def _part_class(field: str) -> type[Message]:
    part: type[Message] = GetMessageClass(message_class("User").DESCRIPTOR.fields_by_name[field].message_type)
    return part


def user_part(field: str, data: bytes) -> Any:
    """The part of a user that was sealed in ``field``; an empty one when the bytes are not one."""
    cls = _part_class(field)
    try:
        return cls.FromString(data)
    except DecodeError:
        return cls()
