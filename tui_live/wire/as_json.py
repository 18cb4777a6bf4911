"""A Webcast message as JSON data: every field that was sent, under the name that TikTokLive's schema gives it."""

from __future__ import annotations

import base64
import math
from typing import Any

from google.protobuf.message import DecodeError

from tui_live.wire.schema import method_class, text

#: Beyond it, numbers lose digits in JavaScript and many other readers of JSON: they are given as strings.
_SAFE = 2**53


def message_facts(message: Any) -> dict[str, Any]:
    """A message of a batch (upb ``BaseProtoMessage``): ``method``, ``msg_id``, ``payload`` and ``message``.

    ``payload`` is the original, byte for byte (base64); ``message`` its fields, ``None`` when it cannot be parsed.
    """
    method = text(message.method)
    payload = bytes(message.payload)
    facts: dict[str, Any] = {"method": method, "msg_id": str(message.msg_id)}
    if message.is_history:
        facts["is_history"] = True
    cls = method_class(method)
    facts["message"] = None
    if cls is not None:
        try:
            facts["message"] = fields(cls.FromString(payload))
        except DecodeError:
            facts["error"] = "not a message of its schema"
    facts["payload"] = base64.b64encode(payload).decode()
    return facts


def fields(message: Any) -> dict[str, Any]:
    """The fields of any upb message that are set; bytes as base64, whole numbers beyond 2^53 as strings.

    ``None`` stands in a map where the key is broken UTF-8.
    """
    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        nested = field.message_type
        if nested is not None and nested.GetOptions().map_entry:
            kind = nested.fields_by_name["value"]
            found[field.name] = {
                text(key) if isinstance(key, str | bytes) else str(key): _entry(kind, value, key) for key in value
            }
        elif field.is_repeated:
            found[field.name] = [_value(field, item) for item in value]
        else:
            found[field.name] = _value(field, value)
    return found


def _entry(kind: Any, entries: Any, key: Any) -> Any:
    """The value under a key; ``None`` when the key is no UTF-8: upb gives such a key, and refuses to look it up."""
    return None if isinstance(key, bytes) else _value(kind, entries[key])


def _value(field: Any, value: Any) -> Any:
    if field.message_type is not None:
        return fields(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode() if field.type == field.TYPE_BYTES else text(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -_SAFE < value < _SAFE:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
