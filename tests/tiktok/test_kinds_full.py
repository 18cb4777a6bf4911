"""A message of which every field is filled is read like any other, whatever its texts hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from google.protobuf.descriptor import FieldDescriptor

from tui_live.core.events import Event
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import TABLE, Host
from tui_live.tiktok.kinds.words import MOST_CHARACTERS
from tui_live.wire.frames import MAX_INFLATED, Frame
from tui_live.wire.schema import message_class, method_class

_HOSTILE = "\x9b31mred\x1b]0;title\x07\u202eevil\x7f\ufeff"
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
#: Deep enough for every builder; each level more is several times as large.
_DEPTH = 5


def value_of(field: FieldDescriptor, said: str, number: int) -> Any:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return said.encode() if field.type == FieldDescriptor.TYPE_BYTES else said
        case FieldDescriptor.CPPTYPE_BOOL:
            return True
        case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
            return float(number)
    return number


def fill(message: Any, said: str, number: int, depth: int = _DEPTH) -> Any:
    """``message`` with one value in each field, down to a depth; numbers are ``number``, texts ``said``."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is None:
            value = value_of(field, said, number)
            if field.is_repeated:
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)
        elif depth and not field.message_type.GetOptions().map_entry:
            below = getattr(message, field.name)
            fill(below.add() if field.is_repeated else below, said, number, depth - 1)
        elif depth:
            key, entry = (field.message_type.fields_by_name[name] for name in ("key", "value"))
            below = getattr(message, field.name)
            if entry.message_type is None:
                below[value_of(key, said, number)] = value_of(entry, said, number)
            else:
                fill(below[value_of(key, said, number)], said, number, depth - 1)
    return message


def decoded(method: str, message: Any) -> Event:
    batch = message_class("ProtoMessageFetchResult")()
    batch.messages.add(method=method, payload=message.SerializeToString(), msg_id=7)
    [event] = RoomDecoder("7", Host("alice", 1)).decode(Frame(batch.SerializeToString()), 1_790_000_000_000).events
    return event


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, below in value.items():
                yield from (*texts(key), *texts(below))
        case list():
            for below in value:
                yield from texts(below)


@pytest.mark.parametrize("method", sorted(TABLE))
def test_it_is_read_and_says_nothing_unsafe(method) -> None:
    cls = method_class(method)
    assert cls is not None
    for number, said in ((0, _HOSTILE * 400), (1, _HOSTILE), (3, _HOSTILE)):
        # As deep as one frame holds it.
        made = (fill(cls(), said, number, depth) for depth in range(_DEPTH if number else 3, 0, -1))
        full = next(message for message in made if message.ByteSize() < MAX_INFLATED - 1_000)
        messages = [full]
        # Whole, and each part alone: what a builder finds first hides the rest from it.
        for field in full.DESCRIPTOR.fields:
            if field.message_type is not None and number:
                messages.append(cls())
                getattr(messages[-1], field.name).MergeFrom(getattr(full, field.name))
        for message in messages:
            event = decoded(method, message)
            assert event.subtype != "undecodable", event.text
            for text in texts(msgspec.to_builtins(event)):
                assert not _UNSAFE.search(text), text
                assert len(text) <= MOST_CHARACTERS
