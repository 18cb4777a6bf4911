"""Plots are gaps where nobody looked, marks where something was, and the same every time."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.core.played import MINUTE
from tests.core.story import START
from tests.report.reading import Node, Read
from tui_live.core.engagement.figures import Plot
from tui_live.core.past import Gap
from tui_live.report.drawing import Drawing, ReportError
from tui_live.report.markup import Markup
from tui_live.report.plots import Mark, Series, bars, levels, over_time, rates
from tui_live.report.words import Clock

UTC = Clock("UTC")


def read(made: Markup | None) -> Node:
    assert made is not None
    return Read(str(made)).root.first("svg")


def lines(svg: Node, pen: str) -> list[str]:
    """The paths that are drawn in a colour."""
    return [node.attributes["d"] or "" for node in svg.all("path", f"stroke-{pen}")]


def texts(svg: Node) -> list[str]:
    return [node.text for node in svg.all("text")]


def test_rates_are_over_what_was_observed() -> None:
    plot = Plot(START, 60, [30, 10, 5, 0], [60.0, 30.0, 5.0, 0.0])
    assert rates(plot).values == [30.0, 20.0, None, None]
    assert rates(plot, 3600).values[:2] == [1800.0, 1200.0]


def test_a_long_session_is_drawn_in_wider_steps() -> None:
    plot = Plot(START, 60, [6] * 1000, [60.0] * 999 + [0.0])
    series = rates(plot)
    assert (series.step_s, len(series.values)) == (180, 334)
    assert set(series.values[:-1]) == {6.0} and series.end_ms >= START + 1000 * MINUTE
    mean = levels([1.0, None, 3.0] + [None] * 997, plot)
    assert (mean.values[0], mean.values[1]) == (2.0, None)


def test_a_gap_is_a_gap_in_the_line_and_shaded() -> None:
    series = Series(START, 60, [5.0, 6.0, None, None, 7.0, 8.0])
    gaps = (Gap(START + 2 * MINUTE, START + 4 * MINUTE, "cut"),)
    svg = read(over_time("p", "Chat", series, UTC, "chat", gaps))
    [line] = lines(svg, "chat")
    assert line.count("M") == 2
    assert len(svg.all("path", "fill-gap")) == 1
    assert "gap" in texts(svg)
    assert "gaps: 1" in (svg.attributes["aria-label"] or "")
    whole = read(over_time("p", "Chat", Series(START, 60, [5.0] * 6), UTC, "chat"))
    assert lines(whole, "chat")[0].count("M") == 1 and not whole.all("path", "fill-gap")


def test_marks_are_signs_with_texts_that_do_not_touch() -> None:
    series = Series(START, 60, [5.0] * 60)
    far = [Mark(START + at * MINUTE, f"{at}×") for at in (5, 30, 59)]
    svg = read(over_time("p", "Shares", series, UTC, "shares", (), far))
    assert len(lines(svg, "mark")) >= 3 and {"5×", "30×", "59×"} <= set(texts(svg))
    assert svg.all("use", "fill-mark")
    crowd = [Mark(START + at * 1000, f"{at}×") for at in range(100, 130)]
    shown = [text for text in texts(read(over_time("p", "Shares", series, UTC, "shares", (), crowd))) if "×" in text]
    assert shown == ["100×"]
    outside = [Mark(START - MINUTE, "before")]
    assert "before" not in texts(read(over_time("p", "Shares", series, UTC, "shares", (), outside)))


def test_the_description_says_what_can_be_seen() -> None:
    svg = read(over_time("p", "Shares", Series(START, 60, [5.0, 9.0]), UTC, "shares", (), [Mark(START, "3.0×")]))
    assert svg.attributes["role"] == "img"
    assert svg.attributes["aria-label"] == "Shares. From 08:00 to 08:02, highest 9.00, marked: 08:00 (3.0×)"
    assert svg.first("title").text == "Shares"
    shown = read(bars("p", "Coins", ["Mon", "Tue"], [5.0, None], "coins"))
    assert shown.attributes["aria-label"] == "Coins. Mon: 5.00, Tue: not known"


@pytest.mark.parametrize(
    ("zone", "minutes", "first", "last"),
    [
        ("UTC", 45, "08:00", "08:45"),
        ("Asia/Kolkata", 600, "14:00", "22:00"),
        ("UTC", 24 * 60, "09:00", "06:00"),
        ("UTC", 5 * 24 * 60, "16 Jan", "20 Jan"),
    ],
)
def test_times_are_round_and_local(zone: str, minutes: int, first: str, last: str) -> None:
    svg = read(over_time("p", "Chat", Series(START, 60, [5.0] * minutes), Clock(zone), "chat"))
    ticks = [text for text in texts(svg) if ":" in text or "Jan" in text]
    assert 4 <= len(ticks) <= 10
    assert (ticks[0], ticks[-1]) == (first, last)


@pytest.mark.parametrize(("month", "day"), [(3, 28), (10, 31)])
@pytest.mark.parametrize("minutes", [12 * 60, 3 * 24 * 60])
def test_times_stay_round_where_the_clock_is_set(month: int, day: int, minutes: int) -> None:
    start = round(datetime(2027, month, day, tzinfo=ZoneInfo("UTC")).timestamp() * 1000) - 3 * 3_600_000
    svg = read(over_time("p", "Chat", Series(start, 60, [5.0] * minutes), Clock("Europe/Berlin"), "chat"))
    ticks = [text for text in texts(svg) if re.fullmatch(r"\d\d:\d\d", text)]
    assert len(ticks) >= 3
    assert all(int(tick[:2]) % 2 == 0 and tick.endswith(":00") for tick in ticks), ticks
    assert len(set(ticks)) == len(ticks) or minutes > 24 * 60


def test_the_numbers_beside_it_are_round() -> None:
    drawing = Drawing()
    for highest, ticks in ((723, 5), (1, 5), (0, 5), (0.004, 5), (2_400_000, 5)):
        drawing.scale(highest)
        shown = [label.get_text() for label in drawing.axes.get_yticklabels()]
        assert 3 <= len(shown) <= ticks and shown[0] == "0"
        assert drawing.axes.get_ylim()[1] > highest


def test_too_little_is_no_plot() -> None:
    assert over_time("p", "Chat", Series(START, 60, [5.0, None]), UTC, "chat") is None
    assert over_time("p", "Chat", Series(START, 60, []), UTC, "chat") is None
    assert bars("p", "Coins", ["a"], [None], "coins") is None
    assert bars("p", "Coins", [], [], "coins") is None


def test_colours_are_classes_and_there_is_no_style() -> None:
    made = str(over_time("p", "Chat", Series(START, 60, [5.0] * 9), UTC, "chat", (), [Mark(START + MINUTE, "1")]))
    assert "style" not in made and not re.search(r"#0102|#[0-9a-f]{6}", made)
    dots = str(bars("p", "Coins", ["Mon", "Tue"], [5.0, 7.0], "coins", ("mean", [1.0, 2.0])))
    assert "style" not in dots and 'class="stroke-ink"' in dots


def test_the_same_is_drawn_the_same_and_two_share_no_id() -> None:
    def drawn(key: str) -> str:
        return str(over_time(key, "Chat", Series(START, 60, [5.0] * 9), UTC, "chat", (), [Mark(START + MINUTE, "1")]))

    assert drawn("a") == drawn("a")
    ids = [set(re.findall(r' id="([^"]+)"', drawn(key))) for key in "ab"]
    assert ids[0] and not ids[0] & ids[1]
    used = set(re.findall(r"#([\w-]+)", drawn("a")))
    assert used == ids[0]


def test_a_dollar_is_a_dollar() -> None:
    assert "$x^2$" in texts(read(bars("p", "Coins", ["$x^2$", "b"], [5.0, 7.0], "coins")))


def test_without_matplotlib_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ReportError, match=r"pip install 'tui-live\[report\]'"):
        Drawing()
