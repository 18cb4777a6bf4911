"""Changing one value in a YAML text and nothing else.

Every byte outside the value stays: comments, order, quoting, indentation, line ends. The text is not written anew from
data, because no YAML library keeps all of that. The caller reads the result back and compares before it trusts it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from tui_live.config.render import block_lines, entry_lines, in_flow, in_line

Same = Callable[[Any], Any]


class CannotEdit(Exception):
    """The text is laid out in a way that cannot be changed in place."""


def put(text: str, path: tuple[str, ...], value: Any, same: Same = repr) -> str:
    """``text`` with the value at ``path`` replaced or added; ``None`` removes the entry.

    ``same`` gives two list items the same result when they mean the same, so that an unchanged item keeps its line and
    its comment. Raises :class:`CannotEdit`.
    """
    root = _compose(text)
    if root is None:
        return text if value is None else _append(text, 0, path, value)
    _block(root)
    node, indent = root, 0
    for depth, name in enumerate(path):
        entry = _entry(node, name)
        if entry is None:
            return text if value is None else _insert(text, root, node, path[:depth], path[depth:], value)
        key, found = entry
        if depth == len(path) - 1:
            return _remove(text, key, found) if value is None else _replace(text, key, found, value, same)
        indent = key.start_mark.column
        if not _is(found, "Mapping"):
            if value is None:
                return text
            if not _is(found, "Scalar") or found.value not in ("", "~", "null"):
                raise CannotEdit
            text = text[: found.start_mark.index] + text[found.end_mark.index :]
            return _after_line(text, key.start_mark.index, entry_lines(path[depth + 1 :], value, indent + 2))
        if found.flow_style:
            return _splice(text, found, in_flow(_with(_data(found), path[depth + 1 :], value)))
        node = found
    raise CannotEdit


def _replace(text: str, key: Any, old: Any, value: Any, same: Same) -> str:
    """The entry's value is exchanged, item by item where both are lists in block style."""
    block = (_is(old, "Sequence") or _is(old, "Mapping")) and not old.flow_style
    inline = in_line(value)
    if block and _is(old, "Sequence") and isinstance(value, list) and value:
        return _items(text, old, value, same)
    if block:
        at = text.index(":", key.end_mark.index) + 1
        column = _first_column(text, old)
        for start, end in reversed(_spans(text, old)):
            text = text[:start] + text[end:]
        if inline is not None:
            return text[:at] + " " + inline + text[at:]
        return _after_line(text, at, block_lines(value, column))
    if inline is None:
        start, end = old.start_mark.index, _end(text, old)
        text = text[:start].rstrip(" ") + text[end:]
        return _after_line(text, len(text[:start].rstrip(" ")), block_lines(value, key.start_mark.column + 2))
    return _splice(text, old, inline)


def _items(text: str, old: Any, new: list[Any], same: Same) -> str:
    """A block list becomes ``new``; items that stay keep their lines."""
    nodes, spans = old.value, _spans(text, old)
    margin = text[spans[0][0] : text.index("-", spans[0][0])]
    steps = SequenceMatcher(
        None, [same(_data(node)) for node in nodes], [same(item) for item in new], autojunk=False
    ).get_opcodes()
    for kind, low, high, new_low, new_high in reversed(steps):
        if kind == "equal":
            continue
        if kind == "replace" and high - low == new_high - new_low:
            for node, item in reversed(list(zip(nodes[low:high], new[new_low:new_high], strict=True))):
                text = _splice(text, node, in_flow(item, node))
            continue
        at = spans[low][0] if low < len(spans) else spans[-1][1]
        for start, end in reversed(spans[low:high]):
            text = text[:start] + text[end:]
        if new_high > new_low:
            if at and not text[:at].endswith("\n"):
                text, at = text[:at] + _newline(text) + text[at:], at + len(_newline(text))
            text = (
                text[:at] + _joined([f"{margin}- {in_flow(item)}" for item in new[new_low:new_high]], text) + text[at:]
            )
    return text


def _insert(text: str, root: Any, node: Any, above: tuple[str, ...], path: tuple[str, ...], value: Any) -> str:
    """A new entry: below the commented-out line that shows it where there is one, else at the end of its section."""
    indent = node.value[0][0].start_mark.column if node.value else 0
    if not above:
        return _append(text, indent, path, value)
    start, end = node.value[0][0].start_mark.index, _end(text, node)
    later = [key.start_mark.index for key, _ in root.value if key.start_mark.index > start]
    region = text[start : min(later, default=len(text))]
    shown = re.search(rf"^[ ]{{{indent}}}#[ ]?{re.escape(path[0])}:[^\n]*", region, re.MULTILINE)
    return _after_line(text, start + shown.start() if shown else end, entry_lines(path, value, indent))


def _remove(text: str, key: Any, value: Any) -> str:
    start, end = _lines_of(text, key.start_mark.index, max(_end(text, value), key.end_mark.index))
    return text[:start] + text[end:]


def _append(text: str, indent: int, path: tuple[str, ...], value: Any) -> str:
    newline = _newline(text)
    body = text if not text or text.endswith("\n") else text + newline
    gap = newline if body.strip() and not body.endswith(newline * 2) else ""
    return body + gap + _joined(entry_lines(path, value, indent), text)


def _splice(text: str, node: Any, new: str) -> str:
    start, end = node.start_mark.index, _end(text, node)
    if _is(node, "Scalar") and node.style in ("|", ">"):
        raise CannotEdit
    if _is(node, "Scalar") and start == end and text[start - 1 : start] in (":", "-"):
        new = " " + new
    return text[:start] + new + text[end:]


def _after_line(text: str, index: int, lines: list[str]) -> str:
    """``lines`` below the line that has ``index``."""
    end = text.find("\n", index)
    if end < 0:
        return text + _newline(text) + _joined(lines, text)
    return text[: end + 1] + _joined(lines, text) + text[end + 1 :]


def _compose(text: str) -> Any:
    import yaml

    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise CannotEdit from None


def _data(node: Any) -> Any:
    from tui_live.config.document import plain_node

    return plain_node(node)


def _with(data: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy of nested tables with one value set, or removed when it is ``None``."""
    inner = dict(data) if isinstance(data, dict) else {}
    if len(path) > 1:
        inner[path[0]] = _with(inner.get(path[0]), path[1:], value)
    elif value is None:
        inner.pop(path[0], None)
    else:
        inner[path[0]] = value
    return inner


def _is(node: Any, kind: str) -> bool:
    return type(node).__name__ == kind + "Node"


def _block(root: Any) -> None:
    if not _is(root, "Mapping") or root.flow_style:
        raise CannotEdit


def _entry(node: Any, name: str) -> tuple[Any, Any] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _first(node: Any) -> Any:
    return node.value[0][0] if _is(node, "Mapping") else node.value[0]


def _first_column(text: str, node: Any) -> int:
    start = _first(node).start_mark.index
    line = text[text.rindex("\n", 0, start) + 1 : start]
    return len(line) - len(line.lstrip())


def _end(text: str, node: Any) -> int:
    """Where a node's own text ends; YAML counts comments and blank lines after a block to it."""
    if not _is(node, "Scalar") and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start = int(node.start_mark.index)
    return start + len(text[start : node.end_mark.index].rstrip())


def _spans(text: str, block: Any) -> list[tuple[int, int]]:
    """The whole lines of each item or entry of a block, without the comments between them."""
    if _is(block, "Mapping"):
        return [_lines_of(text, key.start_mark.index, _end(text, value)) for key, value in block.value]
    dashes = [text.rindex("-", 0, node.start_mark.index) for node in block.value]
    return [_lines_of(text, dash, _end(text, node)) for dash, node in zip(dashes, block.value, strict=True)]


def _lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole lines that a span touches."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    return low, high + 1 if high >= 0 else len(text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _joined(lines: list[str], text: str) -> str:
    return "".join(line + _newline(text) for line in lines)
