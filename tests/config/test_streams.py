"""A stream may be named in several ways, which all mean the same stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_live.config import normalise_stream
from tui_live.errors import ConfigError

handles = st.text(st.characters(categories=("L", "N", "Mn")) | st.sampled_from("_."), min_size=1, max_size=64)


@pytest.mark.parametrize(
    "text",
    [
        "Alice_1.b",
        " @alice_1.b ",
        "https://www.tiktok.com/@alice_1.b/live",
        "https://www.tiktok.com/@Alice_1.b/live?lang=en#x",
        "tiktok.com/@alice_1.b",
        "m.tiktok.com/@alice_1.b/live/",
        "HTTP://127.0.0.1:8000/@alice_1.b/live",
        "localhost:8000/@alice_1.b/live",
        "//www.tiktok.com/%40alice_1.b/live",
    ],
)
def test_user_name_at_name_and_live_url_mean_the_same(text: str) -> None:
    assert normalise_stream(text) == "alice_1.b"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        " ",
        "a b",
        "a/b",
        "@@a",
        "a@b",
        "a" * 65,
        "İ" * 64,
        "..",
        "a\nb",
        "a\x00",
        "🎉",
        "https://www.tiktok.com/live",
        "https://vm.tiktok.com/ZM123/",
        "https://www.tiktok.com/@/live",
        "https://www.tiktok.com/@a b/live",
        "http://[",
        "https://evil.example/@x",
        "https://tiktok.com.evil.example/@x",
        "https://nottiktok.com/@x",
        "https://www.tiktok.com@evil.example/@x",
        "evil.example/@x",
        "sim.example:8000/@x",
        "a\u202eb",
    ],
)
def test_impossible_names_are_refused_in_one_printable_line(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        normalise_stream(text)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 250


def test_the_address_of_a_rehearsal_is_no_foreign_one() -> None:
    assert normalise_stream("http://sim.example:8000/@x/live", "http://SIM.example:8000") == "x"
    with pytest.raises(ConfigError, match="no address of TikTok's"):
        normalise_stream("http://other.example/@x/live", "http://sim.example:8000")


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = normalise_stream(text)
    except ConfigError as error:
        assert "\n" not in str(error)
    else:
        assert 0 < len(name) <= 64 and name == name.lower() and not set(name) & set("@/?#% \n")


@given(handles)
def test_a_name_stays_as_it_is_and_every_spelling_gives_it(text: str) -> None:
    try:
        name = normalise_stream(text)
    except ConfigError:
        return
    for spelling in (name, f"@{name}", f"https://www.tiktok.com/@{name}/live", f" {name} "):
        assert normalise_stream(spelling) == name
