"""Whatever TikTok's items hold, they become a video or a reason."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.videos import NOW_MS, counts, item, video
from tui_live.core.text import stored
from tui_live.core.trends import Scorer, Unreadable, Video, choose, read_item
from tui_live.core.trends.item import RAW_LIMIT

FIELDS = ("id", "desc", "createTime", "author", "authorStats", "stats", "statsV2", "challenges", "textExtra", "music")
INNER = ("uniqueId", "verified", "followerCount", "diggCount", "commentCount", "shareCount", "title", "nickname")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**63, 10**400, "12", "1.2M", "", "-5", "９", float("nan"), float("inf"), 1e300]),
    st.floats(),
    st.text(st.characters(codec=None), max_size=20),
)
ANY = st.recursive(
    ODD,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(INNER) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=8,
)
ITEMS = st.one_of(ANY, st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8))


@given(st.lists(ITEMS, max_size=4), st.sampled_from([0, 1e-9, 100]))
@settings(max_examples=150, deadline=None)
def test_any_item_is_a_video_or_unreadable_and_can_be_chosen_and_stored(items, min_velocity) -> None:
    items = [*items, *({"id": "1", **each} for each in items if isinstance(each, dict))]
    read = [read_item(each) for each in items]
    videos = [each for each in read if isinstance(each, Video)]
    assert all(isinstance(each, Unreadable) and each.why for each in read if each not in videos)
    chosen = choose(videos, NOW_MS, min_velocity, Scorer(min_velocity, ["12"]))
    assert len(chosen.stories) + sum(chosen.dropped.values()) == chosen.seen <= len(videos)
    for story in chosen.stories:
        assert 0 <= story.score <= 100 and story.velocity >= min_velocity
    for each in videos:
        assert min(each.likes, each.comments, each.shares, each.views, each.posted_ms, each.followers) >= 0
        json.loads(each.raw)
        row = (each.post_id, each.author, each.caption, each.likes, each.views, each.posted_ms, each.raw)
        with sqlite3.connect(":memory:") as database:
            assert database.execute("SELECT ?, ?, ?, ?, ?, ?, ?", row).fetchone() == row
            assert database.execute("SELECT json_valid(?)", (each.raw,)).fetchone() == (1,)
        database.close()
        assert stored(each.caption) == each.caption and stored(each.nickname) == each.nickname


def test_counts_as_texts_are_read_and_where_numbers_belong_they_are_reported() -> None:
    exact = video(1)
    assert (exact.likes, exact.comments, exact.shares, exact.views, exact.problems) == (5_000, 500, 200, 90_000, ())
    texts = video(1, **counts("5000", " 500", "200"))
    assert (texts.likes, texts.comments, texts.shares) == (5_000, 500, 200)
    assert texts.problems == ("likes is a text", "comments is a text", "shares is a text", "views missing")


def test_the_exact_counts_win_over_rounded_ones() -> None:
    both = video(1, stats={"diggCount": 5_000}, statsV2={"diggCount": "4987"})
    assert both.likes == 4_987


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "likes missing"),
        ("", "likes is no number"),
        ("1.2M", "likes is no number"),
        (True, "likes is no number"),
        ([5], "likes is no number"),
        (float("inf"), "likes is no number"),
        (-3, "likes out of range"),
        (10**16, "likes out of range"),
        (10**400, "likes out of range"),
    ],
)
def test_a_count_that_cannot_be_used_is_0_and_reported(value, problem) -> None:
    read = video(1, stats={"diggCount": value, "commentCount": 3, "shareCount": 2, "playCount": 1}, statsV2={})
    assert (read.likes, read.comments, read.problems) == (0, 3, (problem,))


def test_the_rounded_count_helps_where_the_exact_one_cannot_be_used() -> None:
    read = video(1, stats={"diggCount": 70}, statsV2={"diggCount": "many"})
    assert read.likes == 70 and read.problems[0] == "likes is no number"


@pytest.mark.parametrize("counted", [None, [], "x", {}])
def test_without_any_counts_all_are_missing(counted) -> None:
    read = video(1, stats=counted, statsV2=counted)
    assert read.interactions == 0 and len(read.problems) == 4


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (None, "no item"),
        ([], "no item"),
        ("7", "no item"),
        ({}, "no id"),
        ({"id": None}, "no id"),
        ({"id": True}, "no id"),
        ({"id": "7/../8"}, "no id"),
        ({"id": 10**5000}, "no id"),
    ],
)
def test_what_is_no_video_says_why(odd, why) -> None:
    assert read_item(odd) == Unreadable(why)


def test_an_id_may_be_a_number_and_an_author_a_text() -> None:
    read = video(1, id=7_300_000_000_000_000_009, author="bob.x_1")
    assert (read.post_id, read.author) == ("7300000000000000009", "bob.x_1")
    assert read.url == "https://www.tiktok.com/@bob.x_1/video/7300000000000000009"


@pytest.mark.parametrize("handle", ["ana/../../x?y", "аna", "ana１", "한국", "a\nb"])
def test_a_handle_that_could_lead_or_look_elsewhere_is_none(handle) -> None:
    read = video(1, author={"uniqueId": handle})
    assert read.author == "" and read.problems == ("author is no handle",)


def test_an_author_who_is_not_told_is_missing() -> None:
    assert video(1, author=None).problems == ("author missing",)


@pytest.mark.parametrize("seconds", ["1795228200", 1795228200, 1795228200.0])
def test_the_time_of_posting_may_be_a_text(seconds) -> None:
    assert video(1, createTime=seconds).posted_ms == 1_795_228_200_000


@pytest.mark.parametrize("seconds", [None, "", "soon", -5, 0, 10**13, float("nan"), True, {}])
def test_a_time_that_is_none_is_reported(seconds) -> None:
    read = video(1, createTime=seconds)
    assert read.posted_ms == 0 and read.problems == ("time of posting missing",)


def test_captions_lose_what_a_terminal_would_obey() -> None:
    read = video(1, desc="hi\x1b]0;x\x07 \u202egnp\ud800 🎉\nthere")
    assert read.caption == "hi ]0;x   gnp  🎉 there"


def test_hashtags_are_those_listed_and_those_in_the_caption() -> None:
    read = video(
        1, desc="#One two #三", textExtra=[{"hashtagName": "four"}, 5], challenges=[{"title": "fyp"}, None, {}]
    )
    assert read.hashtags == ("fyp", "four", "One", "三")


def test_raw_is_bounded_and_keeps_what_was_read() -> None:
    whole = video(1)
    assert json.loads(whole.raw) == item(1)
    large = video(1, video={"bitrates": ["x" * 1_000] * 200})
    kept = json.loads(large.raw)
    assert len(large.raw) < RAW_LIMIT and kept["shortened"] is True and kept["statsV2"]["diggCount"] == "5000"
    assert json.loads(video(1, textExtra=["x" * 100_000]).raw)["textExtra"] == ["x" * 2_000]
    least = json.loads(video(1, textExtra=["x" * 1_000] * 100).raw)
    assert set(least) == {"id", "createTime", "stats", "statsV2", "shortened"} and least["id"].startswith("73")
    assert video(1, statsV2={"x": ["y"] * 100_000}).raw == '{"shortened":true}'
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert json.loads(video(1, music=deep).raw)["statsV2"]["diggCount"] == "5000"


def test_raw_of_a_very_long_caption_and_of_odd_numbers_keeps_id_and_counts() -> None:
    long = json.loads(video(1, desc="🎉" * 70_000).raw)
    assert long["desc"] == "🎉" * 2_000 and long["statsV2"]["diggCount"] == "5000" and long["shortened"] is True
    odd = json.loads(video(1, stats={"diggCount": float("nan"), "playCount": float("-inf")}).raw)
    assert odd["stats"] == {"diggCount": None, "playCount": None} and odd["id"] == item(1)["id"]
    assert "shortened" not in odd
