"""Plain data as YAML text, in the style that fits it: on its key's line, or as a block below it."""

from __future__ import annotations

import sys
from typing import Any

_WIDEST_FLOW = 100


def entry_lines(path: tuple[str, ...], value: Any, indent: int) -> list[str]:
    """An entry, and the sections around it that are still missing, as block lines."""
    margin = " " * indent
    if len(path) > 1:
        return [f"{margin}{in_flow(path[0])}:", *entry_lines(path[1:], value, indent + 2)]
    inline = in_line(value)
    if inline is not None:
        return [f"{margin}{in_flow(path[0])}: {inline}"]
    return [f"{margin}{in_flow(path[0])}:", *block_lines(value, indent + 2)]


def block_lines(value: Any, indent: int) -> list[str]:
    """The items of a list or the entries of a table, one to a line."""
    margin = " " * indent
    if isinstance(value, dict):
        return [f"{margin}{in_flow(key)}: {in_flow(item)}" for key, item in value.items()]
    return [f"{margin}- {in_flow(item)}" for item in value]


def in_line(value: Any) -> str | None:
    """A value that belongs on its key's line; ``None`` for a list of tables and for what is too wide."""
    text = in_flow(value)
    tables = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    wide = isinstance(value, list | dict) and bool(value) and len(text) > _WIDEST_FLOW
    return None if tables or wide else text


def in_flow(value: Any, like: Any = None) -> str:
    """A value in one line, quoted where YAML needs it and where the scalar it replaces was quoted."""
    import yaml

    styled = isinstance(value, str) and type(like).__name__ == "ScalarNode"
    style = like.style if styled and like.style in ("'", '"') else None
    if isinstance(value, str) and not value.isprintable():
        style = '"'
    made: str = yaml.safe_dump(
        [value], default_flow_style=True, default_style=style, allow_unicode=True, sort_keys=False, width=sys.maxsize
    )
    return made.strip()[1:-1]
