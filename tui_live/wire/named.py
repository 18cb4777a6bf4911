"""Everybody whom a Webcast message describes, wherever in it they stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tui_live.wire.schema import text

_IDS = ("id", "user_id", "id_str", "user_id_str")
_HANDLES = ("display_id",)
_NICKNAMES = ("nickname", "nick_name")


def people(message: Any) -> Iterator[tuple[str, str, str]]:
    """(user id, handle, nickname) of each person in an upb message, at any depth; what is not told is empty."""
    about, within = _places(message.DESCRIPTOR)
    if about:
        found = [next((text(v) for name in names if (v := _get(message, name))), "") for names in about]
        if any(found[1:]):
            yield found[0], found[1], found[2]
    for name, repeated, is_map in within:
        if is_map:
            entries = getattr(message, name)
            for key in entries:
                yield from people(entries[key])
        elif repeated:
            for item in getattr(message, name):
                yield from people(item)
        elif message.HasField(name):
            yield from people(getattr(message, name))


def inserted(message: Any) -> Iterator[str | bytes]:
    """The strings that an upb message puts into its display texts, at any depth; not what describes a person."""
    for field, value in message.ListFields():
        nested = _inside(field)
        if field.name == "string_value":
            yield value
        elif nested is None or nested.name.endswith("_User"):
            continue
        elif field.message_type.GetOptions().map_entry:
            for key in value:
                yield from inserted(value[key])
        else:
            for part in value if field.is_repeated else (value,):
                yield from inserted(part)


def _get(message: Any, name: str) -> str | bytes:
    value = getattr(message, name)
    return str(value or "") if isinstance(value, int) else value


_Places = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, bool, bool], ...]]


@cache
def _places(descriptor: Any) -> _Places:
    """The fields that tell id, handle and nickname (none when it describes nobody), and those that hold people.

    A ``User`` is not looked into: what it carries (badges, its own room) describes that person.
    """
    names = descriptor.fields_by_name
    about = tuple(tuple(name for name in kind if name in names) for kind in (_IDS, _HANDLES, _NICKNAMES))
    is_person = bool(about[1] or about[2])
    if is_person and descriptor.name.endswith("_User"):
        return about, ()
    within = tuple(
        (field.name, field.is_repeated, bool(nested.GetOptions().map_entry))
        for field in descriptor.fields
        if (nested := _inside(field)) is not None and _leads_to_people(nested)
    )
    return (about if is_person else ()), within


def _inside(field: Any) -> Any:
    """The descriptor of the messages in a field, of a map's values; ``None`` when it holds none."""
    nested = field.message_type
    if nested is not None and nested.GetOptions().map_entry:
        return nested if nested.fields_by_name["value"].message_type is not None else None
    return nested


@cache
def _leads_to_people(descriptor: Any) -> bool:
    waiting, seen = [descriptor], {descriptor.full_name}
    while waiting:
        names = (one := waiting.pop()).fields_by_name
        if any(name in names for name in (*_HANDLES, *_NICKNAMES)):
            return True
        for field in one.fields:
            nested = field.message_type
            if nested is not None and nested.full_name not in seen:
                seen.add(nested.full_name)
                waiting.append(nested)
    return False
