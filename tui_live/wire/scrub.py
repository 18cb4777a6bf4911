"""Taking a person out of a frame's bytes, so that every other message stays at its place."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError

from tui_live.core.traces import Traces
from tui_live.wire.frames import GZIP_MAGIC, BrokenFrame, inflate, unpack
from tui_live.wire.schema import method_class, text

_NAMED = frozenset({"nickname", "display_id"})


def scrub(payload: bytes, person: Traces, authored: frozenset[int] = frozenset()) -> bytes | None:
    """The payload without the person, not gzipped; ``None`` when nothing of theirs is in it.

    Messages of theirs, and those at the places ``authored``, become empty; in others they are taken out of every
    field. A frame that cannot be read is emptied when their id or handle is in it.
    """
    plain = payload
    if payload[:2] == GZIP_MAGIC:
        try:
            plain = inflate(payload)
        except BrokenFrame:
            return b"" if person.is_in(payload) else None
    if not authored and not person.may_be_in(plain):
        return None
    try:
        batch = unpack(plain)
    except BrokenFrame:
        return b"" if person.is_in(plain) else None
    for place, message in enumerate(batch.messages):
        if place in authored:
            message.Clear()
        elif person.may_be_in(message.payload):
            _scrub_message(message, person)
    _scrub_fields(batch, person, skip="messages")
    scrubbed: bytes = batch.SerializeToString()
    if person.is_in(scrubbed):
        batch.DiscardUnknownFields()
        scrubbed = batch.SerializeToString()
    return None if scrubbed == plain else scrubbed


def _scrub_message(message: Any, person: Traces) -> None:
    """One message of a batch: emptied when it is theirs, else without them."""
    cls = method_class(text(message.method))
    try:
        parsed = cls.FromString(message.payload) if cls is not None else None
    except DecodeError:
        parsed = None
    if parsed is None:
        if person.is_in(message.payload):
            message.payload = b""
        return
    sender = getattr(parsed, "user", None)
    if sender is not None and person.is_id(getattr(sender, "id", None)):
        message.Clear()
        return
    if not _scrub_fields(parsed, person) and not person.is_in(message.payload):
        return
    scrubbed = parsed.SerializeToString()
    if person.is_in(scrubbed):
        parsed.DiscardUnknownFields()
        scrubbed = parsed.SerializeToString()
    message.payload = b"" if person.is_in(scrubbed) else scrubbed


def _scrub_fields(message: Any, person: Traces, skip: str = "") -> bool:
    """Take the person out of all fields, at any depth; whether there was anything."""
    changed = False
    for field, value in message.ListFields():
        if field.name == skip:
            continue
        nested = field.message_type
        if nested is not None and nested.GetOptions().map_entry:
            changed |= _scrub_map(value, nested, person)
        elif field.is_repeated:
            changed |= _scrub_list(value, field, person)
        elif nested is not None:
            changed |= _scrub_nested(value, person)
        elif person.is_id(value) or (isinstance(value, bytes) and person.is_in(value)):
            message.ClearField(field.name)
            changed = True
        elif isinstance(value, str) and (cleaned := person.clean(value)) != value:
            setattr(message, field.name, cleaned)
            changed = True
    return changed


def _scrub_nested(message: Any, person: Traces) -> bool:
    """A message inside: a description of the person is emptied, anything else is looked through."""
    names = message.DESCRIPTOR.fields_by_name
    if not _NAMED.isdisjoint(names) and any(
        person.is_id(value) for field, value in message.ListFields() if field.message_type is None
    ):
        message.Clear()
        return True
    return _scrub_fields(message, person)


def _scrub_list(values: Any, field: Any, person: Traces) -> bool:
    if field.message_type is not None:
        changed = [_scrub_nested(value, person) for value in values]
        return any(changed)
    kept = [
        person.clean(value) if isinstance(value, str) else value
        for value in values
        if not person.is_id(value) and not (isinstance(value, bytes) and person.is_in(value))
    ]
    if kept == list(values):
        return False
    values[:] = kept
    return True


def _scrub_map(values: Any, entry: Any, person: Traces) -> bool:
    changed = False
    for key in list(values):
        value = values[key]
        if person.is_id(key) or person.is_id(value):
            del values[key]
            changed = True
        elif entry.fields_by_name["value"].message_type is not None:
            changed |= _scrub_nested(value, person)
        elif isinstance(value, str) and (cleaned := person.clean(value)) != value:
            values[key] = cleaned
            changed = True
    return changed
