"""Pages of figures as text, an evening that has much to tell, and people who are made to break something."""

from __future__ import annotations

import pytest

from tests.core.story import chat, event, gift
from tests.ui.analysed import Analysis, evening, told
from tests.ui.test_log_line import HOSTILE
from tui_live.core.events import Person, SocialData
from tui_live.ui.analysis.page import Row


def lines(rows: list[Row]) -> list[str]:
    return ["".join(piece.text for piece in row.pieces) for row in rows]


def page(pages, analysis, name: str, width: int = 118, height: int = 36) -> str:
    make = {key: make for key, _, make in pages}[name]
    return "\n".join(lines(make(analysis, width, height)))


def figures(text: str) -> dict[str, tuple[str, str]]:
    """Name to number and words of every line that is a figure."""
    found = {}
    for line in text.split("\n"):
        name, number, words = line[1:18].strip(), line[18:27].strip(), line[29:]
        if name and number and name not in found:
            found[name] = number, words
    return found


@pytest.fixture(scope="module")
def spikes() -> Analysis:
    return evening("spikes")


def hostile() -> Analysis:
    """Names, targets, gifts and languages that are made to break something."""
    events = []
    for number, text in enumerate(HOSTILE):
        who = Person(str(number), text, text, followers=10**18, region=text)
        events += [event(number, who, SocialData("shared", share_target=text), "share"), chat(number, who, text)]
        events += [gift(number, who, name=text), event(number, who, SocialData("followed"), "follow")]
    return told(*events)
