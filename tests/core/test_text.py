"""Hostile text: what is stored cannot steer a terminal, what is drawn cannot break a column."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_live.core.text import DRAWN_LIMIT, drawn, stored

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_stored_text_has_no_control_and_no_bidi_character(value) -> None:
    kept = stored(value)
    assert not [char for char in kept if unicodedata.category(char) == "Cc" or char in BIDI]
    assert stored(kept) == kept
    kept.encode("utf-8")


@given(st.text())
def test_drawn_text_holds_nothing_whose_width_terminals_dispute(value) -> None:
    seen = drawn(stored(value))
    assert len(seen) <= DRAWN_LIMIT
    assert not [char for char in seen if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") and char != "�"]
    assert not {"\u200d", "\ufe0f", "\u20e3"} & set(seen)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hello", "hello"),
        ("  two  words ", "two  words"),
        ("\x1b]0;owned\x07red", "]0;owned red"),
        ("a\x9b31mb", "a 31mb"),
        ("abc\u202etxt.exe", "abc txt.exe"),
        ("line\r\none\ttab\x00nul", "line one tab nul"),
        ("👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"),
    ],
)
def test_stored(value, expected) -> None:
    assert stored(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("❤️", "❤"),
        ("👍🏽", "👍"),
        ("z" + "\u0335" * 40 + "algo", "z\u0335\u0335algo"),
        ("さくら", "さくら"),
        ("مرحبا", "مرحبا"),
        ("x" * 3000, "x" * (DRAWN_LIMIT - 1) + "…"),
    ],
)
def test_drawn(value, expected) -> None:
    assert drawn(value) == expected


@pytest.mark.parametrize("value", ["🩷 🩵", "🫨", "a 🪿!", "🛜"])
def test_emoji_that_python_does_not_know_are_drawn_where_a_wrong_width_harms_nobody(value, monkeypatch) -> None:
    # As an older Python sees them, whatever this one knows.
    category = unicodedata.category
    monkeypatch.setattr(unicodedata, "category", lambda one: "Cn" if ord(one) > 0x1F6D7 else category(one))
    assert drawn(value, rightmost=True) == value
    assert "�" in drawn(value)


def test_what_is_no_character_is_drawn_nowhere() -> None:
    for value in ("\U000e1000x", "\ue000", "\u0378", "\U0001f8ff", "\U0001fbff", "\U000ffffd"):
        for rightmost in (False, True):
            assert not set(value) - {"x"} & set(drawn(value, rightmost=rightmost))
