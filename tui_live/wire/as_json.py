"""A Webcast message as JSON data: every field that was sent, under the name that TikTokLive's schema gives it."""

from __future__ import annotations

import base64
import math
from itertools import islice
from typing import Any

from google.protobuf.message import DecodeError

from tui_live.wire.schema import method_class, text

#: What screens show of a message: so many items of one list or map, of all together, characters of one text, and bytes.
_MOST_IN_A_LIST, _MOST_ITEMS = 1_000, 20_000
_MOST_CHARACTERS, _MOST_BYTES = 10_000, 100_000
#: Beyond it, numbers lose digits in JavaScript and many other readers of JSON: they are given as strings.
_SAFE = 2**53


class Excerpt:
    """As much of a message as a screen shows; what is left out is said in its place (``… 12,345 more``)."""

    def __init__(self) -> None:
        self._left = _MOST_ITEMS

    def room(self, items: int) -> int:
        """How many of so many items are shown."""
        shown = min(items, _MOST_IN_A_LIST, self._left)
        self._left -= shown
        return shown

    @staticmethod
    def text(value: str) -> str:
        """A text as it is shown."""
        left = len(value) - _MOST_CHARACTERS
        return value if left <= 0 else f"{value[:_MOST_CHARACTERS]} … {left:,} more characters"

    @staticmethod
    def base64(value: bytes) -> str:
        """Bytes as they are shown."""
        left = len(value) - _MOST_BYTES
        shown = base64.b64encode(value[:_MOST_BYTES]).decode()
        return shown if left <= 0 else f"{shown} … {left:,} more bytes"


class _Whole(Excerpt):
    """All of it."""

    def room(self, items: int) -> int:
        return items

    @staticmethod
    def text(value: str) -> str:
        return value

    @staticmethod
    def base64(value: bytes) -> str:
        return base64.b64encode(value).decode()


_WHOLE = _Whole()


def message_facts(message: Any, excerpt: Excerpt = _WHOLE) -> dict[str, Any]:
    """A message of a batch (upb ``BaseProtoMessage``): ``method``, ``msg_id``, ``payload`` and ``message``.

    ``payload`` is the original, byte for byte (base64); ``message`` its fields, ``None`` when it cannot be parsed. With
    an ``excerpt``, as much of both as it gives.
    """
    method = text(message.method)
    payload = bytes(message.payload)
    facts: dict[str, Any] = {"method": excerpt.text(method), "msg_id": str(message.msg_id)}
    if message.is_history:
        facts["is_history"] = True
    cls = method_class(method)
    facts["message"] = None
    if cls is not None:
        try:
            facts["message"] = _fields(cls.FromString(payload), excerpt)
        except DecodeError:
            facts["error"] = "not a message of its schema"
    facts["payload"] = excerpt.base64(payload)
    return facts


def _fields(message: Any, excerpt: Excerpt) -> dict[str, Any]:
    """The fields of any upb message that are set; bytes as base64, whole numbers beyond 2^53 as strings.

    ``None`` stands in a map where the key is broken UTF-8.
    """
    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        nested = field.message_type
        if nested is not None and nested.GetOptions().map_entry:
            found[field.name] = _map(nested.fields_by_name["value"], value, excerpt)
        elif field.is_repeated:
            found[field.name] = _list(field, value, excerpt)
        else:
            found[field.name] = _value(field, value, excerpt)
    return found


def _list(field: Any, items: Any, excerpt: Excerpt) -> list[Any]:
    shown = excerpt.room(len(items))
    if shown == len(items):
        return [_value(field, item, excerpt) for item in items]
    found = [_value(field, item, excerpt) for item in islice(items, shown)]
    return [*found, f"… {len(items) - shown:,} more"]


def _map(kind: Any, entries: Any, excerpt: Excerpt) -> dict[str, Any]:
    shown = excerpt.room(len(entries))
    found: dict[str, Any] = {}
    for key in islice(entries, shown):
        name = text(key) if isinstance(key, str | bytes) else str(key)
        # A key that is no UTF-8: upb gives it, and refuses to look it up.
        found[excerpt.text(name)] = None if isinstance(key, bytes) else _value(kind, entries[key], excerpt)
    if shown < len(entries):
        found["…"] = f"{len(entries) - shown:,} more"
    return found


def _value(field: Any, value: Any, excerpt: Excerpt) -> Any:
    if field.message_type is not None:
        return _fields(value, excerpt)
    if isinstance(value, bytes):
        return excerpt.base64(value) if field.type == field.TYPE_BYTES else excerpt.text(text(value))
    if isinstance(value, str):
        return excerpt.text(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -_SAFE < value < _SAFE:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
