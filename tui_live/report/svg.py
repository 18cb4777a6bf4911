"""What matplotlib draws as inline SVG of a page: colours by class, no styles, no foreign ids, small numbers.

Colours in a drawing are names of :data:`PENS`, each a colour that nothing else has; here they become classes, so that
the page's style sheet says what they look like in light, dark and print, and its policy can forbid inline styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from tui_live.report.markup import Markup, tag

_NAMES = ("ink", "soft", "grid", "gap", "viral", "mark", "viewers", "chat", "likes", "coins", "shares", "other")
#: Name → the colour that stands for it until the page knows better.
PENS = {name: f"#0102{number:02x}" for number, name in enumerate(_NAMES, 1)}
_CLASSES = {colour: name for name, colour in PENS.items()}
_GEOMETRY = ("d", "x", "y", "width", "height", "transform", "clip-path", "viewBox")
_STROKES = ("stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "fill-opacity", "text-anchor")
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"#([\w-]+)")


def inline(source: bytes, key: str, title: str, description: str) -> Markup:
    """A drawing for the page. ``key`` is its own within the page; title and description are what is read out."""
    root = ElementTree.fromstring(source)  # noqa: S314 - matplotlib's own output
    ids: dict[str, str] = {}
    for node in root.iter():
        for value in (node.get("clip-path"), node.get(_HREF)):
            if value and (found := _REFERENCE.search(value)):
                ids.setdefault(found[1], f"{key}-{len(ids)}")
    _, _, width, height = (root.get("viewBox") or "0 0 1 1").split()
    return tag(
        "svg",
        tag("title", title),
        [_converted(node, ids) for node in root],
        class_="plot",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        role="img",
        aria_label=f"{title}. {description}",
    )


def _converted(node: ElementTree.Element, ids: dict[str, str]) -> Markup:
    name = node.tag.rpartition("}")[2]
    if name in ("metadata", "style"):
        return Markup()
    attributes = dict(_attributes(node, ids))
    content = [_converted(child, ids) for child in node]
    if name in ("g", "defs") and not any(map(str, content)):
        return Markup()
    if name == "g" and not attributes:
        return Markup(content)
    return tag(name, node.text.strip() if node.text else None, content, **attributes)


def _attributes(node: ElementTree.Element, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in _GEOMETRY:
        if (value := node.get(name)) is not None:
            kept = (
                _REFERENCE.sub(lambda found: f"#{ids[found[1]]}", value) if name == "clip-path" else _shortened(value)
            )
            yield name, kept
    if (identity := node.get("id")) in ids:
        yield "id", ids[identity]
    if (reference := node.get(_HREF)) is not None:
        yield "href", f"#{ids[reference.removeprefix('#')]}"
    classes = []
    for rule in (node.get("style") or "").split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name in ("fill", "stroke"):
            if value in _CLASSES:
                classes.append(f"{name}-{_CLASSES[value]}")
            elif value == "none":
                yield name, value
        elif name in _STROKES:
            yield name, value
    if classes:
        yield "class_", " ".join(classes)


def _shortened(value: str) -> str:
    return _NUMBER.sub(lambda found: _short(found[0]), " ".join(value.split()))


def _short(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")
