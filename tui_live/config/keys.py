"""The settings by their dotted keys (``obs.port``), as files, variables and messages name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

from tui_live.config.schema import Config
from tui_live.config.section import Section, hints, is_secret


@cache
def settings() -> Mapping[str, Any]:
    """The annotation of every setting by its dotted key, in the order of the schema."""
    return MappingProxyType(dict(_walk(Config, "")))


@cache
def secret_keys() -> frozenset[str]:
    """The dotted keys whose values may not be shown."""
    return frozenset(key for key in settings() if is_secret(*_owner(key)))


def at(key: str) -> Any:
    """The annotation of the setting or section at a dotted key, or ``None`` where there is neither."""
    hint: Any = Config
    for name in key.split("."):
        if not is_section(hint) or name not in hints(hint):
            return None
        hint = hints(hint)[name]
    return hint


def value_of(config: Config, key: str) -> Any:
    """The value of the setting at a dotted key."""
    value: Any = config
    for name in key.split("."):
        value = getattr(value, name)
    return value


def assemble(values: Mapping[str, Any]) -> Config:
    """A configuration from checked values by dotted key; what is not among them has its default."""
    made: Config = _assemble(Config, values, "")
    return made


def is_section(hint: Any) -> bool:
    """Whether an annotation stands for a section and not for one setting."""
    return isinstance(hint, type) and issubclass(hint, Section)


def is_collection(hint: Any) -> bool:
    """Whether an annotation stands for a list or a table."""
    origin = get_origin(hint)
    return origin in (tuple, dict) or (origin is not None and get_origin(get_args(hint)[0]) in (tuple, dict))


def _assemble(kind: type[Section], values: Mapping[str, Any], prefix: str) -> Any:
    made: dict[str, Any] = {}
    for name, hint in hints(kind).items():
        key = prefix + name
        if is_section(hint):
            made[name] = _assemble(hint, values, key + ".")
        elif values.get(key) is not None:
            made[name] = values[key]
    return kind(**made)


def _walk(kind: type[Section], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, hint in hints(kind).items():
        if is_section(hint):
            yield from _walk(hint, f"{prefix}{name}.")
        else:
            yield prefix + name, hint


def _owner(key: str) -> tuple[type[Section], str]:
    parent, _, name = key.rpartition(".")
    return (at(parent) if parent else Config), name
