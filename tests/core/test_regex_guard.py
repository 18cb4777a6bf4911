"""A regular expression that somebody types costs a few milliseconds at worst, whatever text a stranger sends."""

from __future__ import annotations

import time

import pytest

from tui_live.core.regex_guard import PatternError, SafePattern

HARD = (
    r"\w*\w*!",
    r"(a*)(a*)\1\2b",
    r"a{0,60}a*a*b",
    r"a?a?a?a?a?a?a*a*b",
    "(?:a|a)" * 6 + "a*a*b",
    "(?:a|a)" * 6 + "a*b",
    r"a?a?a?a?a?a?(a*)(a*)\1\2\1\2b",
    r"a{0,63}a*b",
    r"(.)\1{3,}b",
    r"(a|b|c|d)(a|b|c|d)(a|b|c|d)a*a*$x",
)
TEXTS = ("a" * 150, "a" * 10_000, "ab" * 5_000, "a" * 149 + "!", "aab" * 100)


@pytest.mark.parametrize("source", HARD)
def test_what_backtracks_is_refused_or_shown_little(source: str) -> None:
    try:
        pattern = SafePattern(source)
    except PatternError as refused:
        assert "\n" not in str(refused)
        return
    for text in TEXTS:
        took = []
        for _ in range(3):
            begin = time.thread_time()
            pattern.search(text)
            took.append(time.thread_time() - begin)
        assert min(took) < 0.02, (source, text[:20])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(?:no|oh) way+", "omg no wayyyy"),
        (r"po+g(gers)?\b", "so pooog"),
        (r"(.)\1{3,}", "looooool"),
        ("what (a|the) .{1,10} (shot|play)", "what a crazy shot"),
        (r"^clip", "clip that"),
        ("a.*b.*c", "a stream, but live, of course"),
    ],
)
def test_what_people_write_works(source: str, text: str) -> None:
    assert SafePattern(source).search(text)
