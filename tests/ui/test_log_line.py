"""A line of the log is exactly as wide as its column, whatever anybody wrote."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tests.ui.fakes import NOW_MS
from tui_live.core.events import TYPES, OtherData
from tui_live.core.log import Row
from tui_live.core.log_filter import parse, shown_type
from tui_live.ui.log_line import Columns, draw_line, plain_line

HOSTILE = (
    *("\x1b]0;owned\x07\x1b[31mred", "[/oops] [@click=app.quit]x[/]", "abc\u202etxt.exe\u2066", "a\x00b\x9b5mc\x85d"),
    *(
        "Z" + "\u0335\u0321" * 200,
        "x" * 3000,
        "👩‍👩‍👧‍👦" * 50,
        "مرحبا" * 80,
        "हिन्दी में",
        "さくら" * 99,
        "❤️1️⃣🏴‍☠️",
        "\ud800\udfff",
        "",
    ),
)


def _pen(name: str) -> Style:
    return Style()


def _row(kind: str, nick: str, text: str, coins: int) -> Row:
    kind, subtype = ("note", kind) if kind == "trigger" else (kind, "")
    return (NOW_MS, 0, kind, subtype, nick, "h", text, coins, "1", 1, None, True)


@given(
    st.sampled_from(("chat", "gift", "like", "note", "trigger", "other", "x\x1b[1m")),
    st.one_of(st.text(), st.sampled_from(HOSTILE)),
    st.one_of(
        st.text(), st.sampled_from(HOSTILE), st.sampled_from(HOSTILE).map(lambda text: f"{text} → saved, {text}")
    ),
    st.integers(0, 10**12),
    st.integers(40, 240),
    st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE)),
)
def test_every_line_fills_its_width_and_holds_no_control_character(kind, nick, text, coins, width, stream) -> None:
    columns = Columns.for_width(width, {0: stream})
    marked = parse("a", {})
    for filter_ in (None, marked):
        segments = draw_line(_row(kind, nick, text, coins), columns, stream, _pen, filter_, " ")
        line = "".join(segment.text for segment in segments)
        assert cell_len(line) == width
        assert not [char for char in line if unicodedata.category(char) in ("Cc", "Cs") or char in "\u202e\u2066"]


@pytest.mark.parametrize("nick", HOSTILE)
def test_text_begins_in_the_same_column_for_every_nickname(nick) -> None:
    columns = Columns.for_width(120, {0: "alice"})
    segments = draw_line(_row("chat", nick, "HERE", 0), columns, "alice", _pen, None, " ")
    line = "".join(segment.text for segment in segments)
    assert cell_len(line[: line.index("HERE")]) == 10 + columns.stream + 1 + 8 + columns.nick + 1


@pytest.mark.parametrize("kind", TYPES)
def test_no_type_is_cut(kind) -> None:
    row = (*_row(kind, "Ana", "", 0)[:10], OtherData("x"), True)
    segments = draw_line(row, Columns.for_width(80, {0: "alice"}), "alice", _pen, None, " ")
    word = "".join(segment.text for segment in segments).split()[2]
    assert word == shown_type(kind, "") and "…" not in word


def test_coins_stand_at_the_right() -> None:
    segments = draw_line(_row("gift", "Ana", "Rose ×12", 12), Columns.for_width(100, {0: "a"}), "a", _pen, None, " ")
    assert "".join(segment.text for segment in segments).endswith(" 12 coins")


def test_the_clipboard_gets_everything() -> None:
    text = "long " * 200
    assert plain_line(_row("chat", "Ana", text, 0), "alice") == f"20:14:06  alice  chat  Ana  {text}"
