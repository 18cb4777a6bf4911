"""Whatever a stream says is text in a report: it neither runs, nor loads, nor turns the page around."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import story
from tests.report.evenings import MADE, Evening, evening
from tests.report.reading import Node, Read, block, rows, section
from tui_live.core.analysis import Across
from tui_live.core.events import Person
from tui_live.core.text import stored
from tui_live.report import comparison_page
from tui_live.report.markup import Markup, cut, named, person, sheet, tag

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; ]]> --> <!--",
    "\u202eevil\u202c \x1b[31m \x00",
    "a\u0301" * 300,
    "w" * 5000,
    "$\\frac{1}{0}$",
)
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "ul", "li", "a", "main", "section", "footer"),
    *("h1", "h2", "h3", "p", "b", "bdi", "span", "small", "div", "dl", "dt", "dd", "figure", "figcaption"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("svg", "g", "path", "text", "use", "defs", "clippath", "rect"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "title", "tabindex"),
    *("role", "aria-label", "viewbox", "d", "x", "y", "width", "height", "transform", "clip-path"),
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "text-anchor"),
}


@given(st.text(max_size=80), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_text_comes_back_as_it_was(text: str, value: str) -> None:
    text = text.replace("\r", "").replace("\x00", "")  # a parser reads these as other characters
    [read] = Read(str(tag("p", text, title=value))).root.content
    assert isinstance(read, Node) and (read.name, len(read.attributes)) == ("p", 1)
    assert "".join(map(str, read.content)) == text
    assert read.attributes["title"] == value


@given(st.text(max_size=100), st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_name_stays_one_line_of_bounded_length(name: str, handle: str) -> None:
    for made in (person(name, handle), named(name)):
        text = Read(str(made)).root.text
        assert len(text) <= 2 * 60 + 2 and text == stored(text).replace("  ", " ")


def test_content_is_escaped_unless_it_is_markup() -> None:
    made = tag("p", "<", ["a&", [tag("b", ">")]], None, 7, class_="x", tabindex=0, hidden=True, lang=None, dir=False)
    assert str(made) == '<p class="x" tabindex="0" hidden>&lt;a&amp;<b>&gt;</b>7</p>'
    assert str(Markup("<", made)) == f"&lt;{made}"
    assert str(tag("meta", charset="utf-8")) == '<meta charset="utf-8">'


def test_a_style_sheet_cannot_end_its_element() -> None:
    assert str(sheet("p > a { }")) == "<style>p > a { }</style>"
    with pytest.raises(ValueError, match="end tag"):
        sheet("</style><script>")


def test_a_nameless_person_is_called_so() -> None:
    assert Read(str(person(" ", ""))).root.text == "no name"
    assert Read(str(person("\u3164\u200b\u200d", "ana"))).root.text == "@ana"
    assert Read(str(named("\u2060"))).root.text == "no name"
    assert Read(str(person("", "ana"))).root.text == "@ana"
    assert Read(str(person("ana", "ana"))).root.text == "ana"
    assert cut("x" * 61) == "x" * 59 + "…"


@pytest.fixture(scope="module")
def evil() -> Evening:
    people = [Person(str(at), name, name, name) for at, name in enumerate(EVIL, 1)]
    events: list[Any] = []
    for at, one in enumerate(people):
        events += [
            story.chat(at * 20, one, one.nickname),
            story.gift(at * 20 + 1, one, 2, 10, one.nickname),
            story.share(at * 20 + 2, one, one.nickname),
        ]
    return evening([story.batch(events)], title=EVIL[2])


def check(page: str) -> None:
    root = Read(page).root
    for node in root.all():
        assert node.name in ELEMENTS, node.name
        assert set(node.attributes) <= ATTRIBUTES, (node.name, node.attributes)
        assert (node.attributes.get("href") or "#").startswith("#")
    assert len(root.all("style")) == 1
    assert not re.search(r"url\((?!#)|@import|https?:", page)
    assert not set("\x00\x1b\u202e\u202c\u2066") & set(page)
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("which", ["evil", "hostile", "rich"])
def test_a_report_has_only_what_it_may_have(which: str, request: pytest.FixtureRequest) -> None:
    check(request.getfixturevalue(which).page())


def test_a_comparison_has_only_what_it_may_have(compared: Across) -> None:
    check(comparison_page(compared, MADE))


def test_evil_names_are_shown_as_they_are(evil: Evening) -> None:
    page = evil.page()
    gifts = {row[0] for row in rows(block(section(page, "engagement"), "Most sent gifts"))}
    assert gifts == {" ".join(cut(name).split()) for name in EVIL}
    assert Read(page).root.first("p", "subject").text == cut(EVIL[2])


def test_the_policy_allows_nothing_but_the_style_sheet(rich: Evening) -> None:
    metas = [node.attributes for node in Read(rich.page()).root.all("meta")]
    [policy] = [one["content"] for one in metas if "http-equiv" in one]
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
