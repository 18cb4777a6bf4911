"""A YAML text as plain data, with the line of every key.

Scalars stay texts: the setting decides what a value is, not YAML, so that a password ``0123`` keeps its zero and a
stream called ``no`` its name. Only a plain ``null``, ``~`` or nothing means "not set".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui_live.errors import ConfigError

_LARGEST = 1_000_000
_DEEPEST = 20
_QUOTE = "put quotes around a value that begins with @ * & ! % or ` or that has ': ' or ' #' in it"


class Document(Struct, frozen=True):
    """The data of one file or variable, and the line (from 1) of each key by its dotted path."""

    data: Mapping[str, Any]
    lines: Mapping[str, int]


def read_file(path: Path) -> Document:
    """The configuration file at ``path``; raises :class:`ConfigError` when it cannot be read or is not YAML."""
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of the file at ``path``, UTF-8; raises :class:`ConfigError`."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror or error}", "check the path and its rights"
        ) from error
    if len(raw) > _LARGEST:
        raise ConfigError(f"{path} is larger than {_LARGEST:,} bytes", "it does not look like a configuration")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path} line {line}: a byte that is not UTF-8", "save the file as UTF-8") from error


def parse(text: str, place: str) -> Document:
    """The mapping in ``text``; ``place`` names it in errors. Raises :class:`ConfigError`."""
    value, lines = _plain(text, place)
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise ConfigError(f"{place} is not a configuration", "it must be 'key: value' lines, see config.yaml")
    return Document(value, lines)


def parse_value(text: str, place: str) -> Any:
    """Any YAML or JSON value in ``text``, its scalars as texts. Raises :class:`ConfigError`."""
    return _plain(text, place)[0]


def plain_node(node: Any) -> Any:
    """The plain data of one node of a composed document."""
    return _Reader("value", {}).value(node, (), 0)


def _plain(text: str, place: str) -> tuple[Any, dict[str, int]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        # YAML quotes what it stumbled over, and that may be a password.
        problem = re.sub(r"'[^']{2,}'", "…", f"{error.problem or error.context or 'not valid'}")
        raise ConfigError(f"{place}{where}: {problem}", _QUOTE) from None
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise ConfigError(f"{place} line {line}: a character that YAML does not allow", "remove it") from None
    except (RecursionError, ValueError):
        raise ConfigError(f"{place} cannot be understood", "it is nested too deeply or has broken numbers") from None
    lines: dict[str, int] = {}
    return _Reader(place, lines).value(node, (), 0), lines


class _Reader:
    """Turns YAML's nodes into plain data. An anchor's node is read once, however often it is named."""

    def __init__(self, place: str, lines: dict[str, int]) -> None:
        self.place = place
        self.lines = lines
        self._known: dict[int, Any] = {}

    def value(self, node: Any, path: tuple[str, ...], depth: int) -> Any:
        if node is None:
            return None
        if depth > _DEEPEST:
            raise self._error(node, "is nested too deeply", "a configuration has a few levels only")
        if id(node) in self._known:
            return self._known[id(node)]
        kind = type(node).__name__
        if kind == "ScalarNode":
            bare = not node.style and node.value in ("", "~", "null", "Null", "NULL")
            value: Any = None if bare else node.value
        elif kind == "SequenceNode":
            value = [self.value(item, (*path, str(at)), depth + 1) for at, item in enumerate(node.value)]
        else:
            value = self._mapping(node, path, depth)
        self._known[id(node)] = value
        return value

    def _mapping(self, node: Any, path: tuple[str, ...], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if type(key_node).__name__ != "ScalarNode":
                raise self._error(key_node, "has a key that is not a plain name", "write 'key: value'")
            key = key_node.value
            if key in found:
                raise self._error(key_node, f"has the key {'.'.join((*path, key))[:60]} twice", "remove one of them")
            self.lines[".".join((*path, key))] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, (*path, key), depth + 1)
        return found

    def _error(self, node: Any, what: str, remedy: str) -> ConfigError:
        return ConfigError(f"{self.place} line {node.start_mark.line + 1} {what}", remedy)
