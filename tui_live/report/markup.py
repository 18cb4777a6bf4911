"""HTML by construction: text is text wherever it stands, and only what :func:`tag` made is markup.

There is no way to put text from a stream in unescaped: markup is no string and cannot be made from one elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from tui_live.core.text import drawn, stored

_EMPTY = frozenset({"meta", "br", "col"})
#: Longer names are cut: a hostile one would fill the page.
_LONGEST_NAME = 60


class Markup:
    """A piece of HTML that is whole in itself."""

    __slots__ = ("_text",)

    def __init__(self, *pieces: Content) -> None:
        self._text = "".join(map(_written, pieces))

    def __str__(self) -> str:
        return self._text


Content: TypeAlias = "str | int | Markup | Iterable[Content] | None"


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """An element. Content is escaped unless it is markup; ``None`` is left out, and what can be iterated is put in.

    Attributes are escaped; ``class_`` is ``class``, other underscores are hyphens, ``None`` and ``False`` are left out.
    ``style`` and scripts are nothing that a page could have: its policy forbids them.
    """
    made = Markup()
    head = name + "".join(_attribute(key, value) for key, value in attributes.items())
    body = "".join(map(_written, content))
    made._text = f"<{head}>" if name in _EMPTY else f"<{head}>{body}</{name}>"
    return made


def sheet(css: str) -> Markup:
    """The page's style sheet, which is text of ours. Raises :class:`ValueError` where it would end its element."""
    if "</" in css:
        raise ValueError("a style sheet cannot contain an end tag")
    made = Markup()
    made._text = f"<style>{css}</style>"
    return made


def person(name: str, handle: str = "") -> Markup:
    """Somebody's name, and the handle where it says more; apart from the text around, whichever way it is written."""
    shown, handle = cut(name), cut(handle)
    if not drawn(shown).strip():  # nothing in it can be seen
        return tag("bdi", f"@{handle}", class_="name") if handle else tag("span", "no name", class_="unknown")
    if not handle or shown == handle:
        return tag("bdi", shown, class_="name")
    return Markup(tag("bdi", shown, class_="name"), " ", tag("bdi", f"@{handle}", class_="handle"))


def named(text: str) -> Markup:
    """A name of something that a stream tells: a gift, a language, a target, a title."""
    shown = cut(text)
    return tag("bdi", shown, class_="name") if drawn(shown).strip() else tag("span", "no name", class_="unknown")


def cut(text: str) -> str:
    """A text of a stream in one line, not too long."""
    text = stored(text)
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _written(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return escape(content, quote=False)
    if isinstance(content, Markup):
        return str(content)
    if isinstance(content, int):
        return str(content)
    return "".join(map(_written, content))
