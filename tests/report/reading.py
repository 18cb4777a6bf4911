"""What a report's HTML says, read as a browser would: elements, texts, tables and facts."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_EMPTY = {"meta", "br", "col"}


class Node:
    """An element and what is in it."""

    def __init__(self, name: str, attributes: dict[str, str | None]) -> None:
        self.name, self.attributes = name, attributes
        self.content: list[Node | str] = []

    @property
    def text(self) -> str:
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(one if isinstance(one, str) else one._raw() for one in self.content)

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def all(self, name: str = "", kind: str = "") -> list[Node]:
        """Every element below with this name and class, in order."""
        return [one for one in self._below() if name in ("", one.name) and (not kind or kind in one.classes)]

    def first(self, name: str = "", kind: str = "") -> Node:
        return self.all(name, kind)[0]

    def _below(self) -> Iterator[Node]:
        for one in self.content:
            if isinstance(one, Node):
                yield one
                yield from one._below()


class Read(HTMLParser):
    """The page as a tree; ``root`` is the whole. A tag that closes nothing is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(page)
        self.close()
        assert len(self._open) == 1, [node.name for node in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice: {attrs}"
        node = Node(tag, dict(attrs))
        self._open[-1].content.append(node)
        if tag not in _EMPTY:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)


def section(page: str, key: str) -> Node:
    """A part of the page by its anchor."""
    return next(one for one in Read(page).root.all("section") if one.attributes.get("id") == key)


def block(part: Node, title: str) -> Node:
    """What stands under this heading."""
    return next(one for one in part.all("section") if one.all("h3") and one.first("h3").text == title)


def rows(part: Node, at: int = 0) -> list[list[str]]:
    """The rows of a table without its head."""
    return [[cell.text for cell in row.all("td")] for row in part.all("tbody")[at].all("tr")]


def facts(part: Node) -> dict[str, tuple[str, str]]:
    """Figures by name: what they are, and their sample."""
    found = {}
    for one in part.all("div", "fact"):
        sample = one.all("dd", "sample")
        found[one.first("dt").text] = (one.first("dd", "value").text, sample[0].text if sample else "")
    return found


def cards(part: Node) -> dict[str, tuple[str, str]]:
    """Headline figures by name."""
    return {
        one.first("dt").text: (one.first("dd", "value").text, one.first("dd", "detail").text)
        for one in part.all("div", "card")
    }
