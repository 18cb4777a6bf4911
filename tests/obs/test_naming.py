"""Names of clips: what is promised in SPEC §8, for whatever a stranger types."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.obs.causes import cause
from tui_live.obs.naming import LAST_NUMBER, LONGEST_BYTES, clip_name, extension_of, file_name

WHEN = datetime(2026, 1, 31, 21, 5, 9)
DEFAULT = "{username}_{trigger}_{timestamp}"

HOSTILE = (
    """../ ..\\ .. / \\ C:\\ CON nul com1 LPT¹ . < > : " | ? * ~ $ a 😀 ﬁ ≮ é e\u0301 \u0338 _ \u202e \u200d \ud800"""
)
NASTY = st.sampled_from([*HOSTILE.split(), " ", "\x00", "\n", "\u2028"])
WORDS = st.one_of(st.text(max_size=300), st.lists(NASTY, max_size=60).map("".join))
TEMPLATES = st.one_of(
    st.just(DEFAULT),
    st.lists(
        st.sampled_from(
            ["{username}", "{trigger}", "{streamer}", "{timestamp}", "_", "con", ".", " ", "é" * 90, "x" * 200]
        ),
        max_size=6,
    ).map("".join),
)
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}


@given(WORDS, WORDS, WORDS, TEMPLATES, st.text(max_size=20), st.integers(1, LAST_NUMBER))
def test_every_name_is_one_that_all_three_systems_take(
    username: str, trigger: str, stream: str, template: str, extension: str, number: int
) -> None:
    stem = clip_name(template, cause(username, trigger, stream=stream), WHEN)
    name = file_name(stem, extension_of(f"Replay.{extension}"), number)

    assert stem
    assert len(name.encode()) <= LONGEST_BYTES
    assert name == unicodedata.normalize("NFC", name)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    assert not name.startswith((".", " ")) and not stem.endswith((".", " ")) and not name.endswith((".", " "))
    assert name.partition(".")[0].rstrip(" ").casefold() not in DEVICES


@given(WORDS, WORDS)
def test_no_user_name_leads_out_of_the_folder(username: str, trigger: str) -> None:
    name = file_name(clip_name(DEFAULT, cause(username, trigger), WHEN), ".mkv")

    assert PurePosixPath(name).name == name
    assert PureWindowsPath(name).name == name
    assert PureWindowsPath(name).drive == ""
    assert (Path("/clips") / name).resolve().parent == Path("/clips")


@given(WORDS, WORDS)
def test_the_time_is_never_cut(username: str, trigger: str) -> None:
    assert clip_name(DEFAULT, cause(username, trigger), WHEN).endswith("_2026-01-31_09-05-09_PM")


@pytest.mark.parametrize(
    ("hour", "written"), [(0, "12-00-00_AM"), (1, "01-00-00_AM"), (12, "12-00-00_PM"), (23, "11-00-00_PM")]
)
def test_the_clock_has_twelve_hours_and_speaks_english(hour: int, written: str) -> None:
    assert clip_name("{timestamp}", cause(), datetime(2026, 3, 4, hour)) == f"2026-03-04_{written}"


def test_a_name_says_who_why_and_when() -> None:
    assert clip_name(DEFAULT, cause("alice.b", "clip that"), WHEN) == "alice.b_clip that_2026-01-31_09-05-09_PM"
    assert clip_name("{streamer}-{username}", cause("bob", stream="dana"), WHEN) == "dana-bob"


def test_a_name_that_says_nothing_says_so() -> None:
    assert clip_name("{username}", cause("\u202e"), WHEN) == "unknown"
    assert clip_name("{username}{trigger}", cause("", ""), WHEN) == "unknownunknown"


@pytest.mark.parametrize(
    ("path", "extension"),
    [("Replay 1.mkv", ".mkv"), ("a.b.MP4", ".MP4"), ("none", ""), (".hidden", ""), ("x.m k/v", ".mkv"), ("x.", "")],
)
def test_the_extension_is_the_originals(path: str, extension: str) -> None:
    assert extension_of(path) == extension
