"""Numbers, times and columns are written the same way everywhere, and never wider than they may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_live.core.text import drawn
from tui_live.ui.format import clock, fit, fit_parts, full, moment, rate, short, size, span, sparkline


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((0, "0"), (999, "999"), (1000, "1.0k"), (1234, "1.2k"), (8499, "8.4k"), (9999, "9.9k"), (12_345, "12k")),
        *((999_999, "999k"), (1_000_000, "1.0M"), (12_000_000, "12M"), (3_210_000_000, "3.2G"), (-1500, "-1.5k")),
    ],
)
def test_short(number, text) -> None:
    assert short(number) == text


@given(st.integers(0, 10**18))
def test_short_numbers_fit_five_cells(number) -> None:
    assert len(short(number)) <= 5


def test_other_figures() -> None:
    assert [rate(value) for value in (0, 0.25, 9.94, 9.97, 412.3, 2000)] == ["0", "0.2", "9.9", "10", "412", "2.0k"]
    assert [size(value) for value in (0, 812, 1_234_567, 45_000)] == ["0 B", "812 B", "1.2 MB", "45 kB"]
    assert [span(value) for value in (-3, 42, 61, 3723, 90_000)] == ["00:00", "00:42", "01:01", "1:02:03", "1d 1h"]
    assert full(1234567) == "1,234,567"
    assert clock(1_795_205_646_000) == "20:14:06"
    assert moment(1_795_205_646_000) == "2026-11-20 20:14:06"
    assert moment(0) == "–"
    assert clock(10**20) == "--:--:--"


@given(st.text(), st.integers(0, 40), st.booleans())
def test_a_fitted_text_has_exactly_its_width(text, width, right) -> None:
    assert cell_len(fit(drawn(text), width, right=right)) == width


def test_a_sparkline_is_scaled_to_its_highest() -> None:
    assert sparkline((0.0, 1.0, 2.0, 4.0), 4) == "▁▂▄█"
    assert sparkline((5.0,), 3) == "  █"
    assert sparkline((), 3) == "   "
    assert sparkline((0.0,) * 9, 3) == "▁▁▁"
    assert sparkline((1.0, 2.0), 0) == ""


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (40, "12 gifts   1,200 coins   1 share        "),
        (31, "12 gifts  1,200 coins  1 share "),
        (28, "12 gifts  1,200 coins  …    "),
        (20, "12 gifts  …         "),
        (8, "12 gift…"),
        (0, ""),
    ],
)
def test_parts_come_closer_or_fall_off_whole(width, said) -> None:
    assert fit_parts("12 gifts   1,200 coins   1 share", width) == said
