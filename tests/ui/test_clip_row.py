"""Rows of clips count everybody who asked, also those whose names are not kept."""

from __future__ import annotations

from tests.web.clip_shelf import AT_MS, cause
from tui_live.core.clips import Clip, ClipState
from tui_live.ui.clip_facts import fact_lines
from tui_live.ui.clip_row import ClipRow, _cell


def test_who_is_beyond_those_that_are_kept_is_counted() -> None:
    causes = tuple(cause(nickname=f"u{n}") for n in range(100))
    row = ClipRow((Clip(state=ClipState.FAILED, reason="no OBS", requested_ms=AT_MS, causes=causes, more=1900),))
    assert _cell(row, "who", 14)[0] == "u0 +1999"
    assert any(fact.value == "and 1,950 more" for fact in fact_lines(row, None, ""))
