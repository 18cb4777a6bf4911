"""The document around a report: head, policy, style sheet, contents, sections and foot."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tui_live.report.markup import Content, Markup, sheet, tag


class Section(NamedTuple):
    """A part of the report; ``key`` is its anchor."""

    key: str
    title: str
    content: Content


def document(title: str, head: Content, sections: Sequence[Section], foot: Content) -> str:
    """The whole page: nothing is loaded and nothing runs, which its policy says to the browser, too."""
    css = _css()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    contents = tag(
        "nav",
        tag("ul", [tag("li", tag("a", one.title, href=f"#{one.key}")) for one in sections]),
        aria_label="Contents",
    )
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("meta", name="robots", content="noindex"),
            tag("title", title),
            sheet(css),
        ),
        tag(
            "body",
            tag("header", head),
            contents,
            tag("main", [_section(one) for one in sections]),
            tag("footer", foot),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n"


def block(title: str, *content: Content, note: Content = None, wide: bool = False) -> Markup:
    """A part of a section with a heading of its own, kept together on paper unless it is ``wide``."""
    return tag(
        "section",
        tag("h3", title),
        content,
        tag("p", note, class_="note") if note is not None else None,
        class_="block long" if wide else "block",
    )


def plotted(title: str, plot: Markup | None, note: Content = None, instead: str = "Too short for a plot.") -> Markup:
    """A plot with its title and what there is to know about it."""
    return tag(
        "figure",
        tag("figcaption", tag("b", title), " ", tag("span", note, class_="note") if note is not None else None),
        tag("p", instead, class_="none") if plot is None else tag("div", plot, class_="scroll", tabindex=0),
    )


def nothing(text: str) -> Markup:
    """What stands where there is nothing to show."""
    return tag("p", text, class_="none")


def _section(one: Section) -> Markup:
    return tag("section", tag("h2", one.title), one.content, id=one.key)


@cache
def _css() -> str:
    return Path(__file__).with_name("report.css").read_text("utf-8")
