"""Velocity, score and choice of trending videos, with the worked examples of the formula."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.core.videos import MINUTE_MS, NOW_MS, counts, video
from tui_live.core.trends import Kind, Scorer, Trouble, Weights, choose, velocity
from tui_live.core.trends.score import credibility, relevance, velocity_part
from tui_live.core.trends.trouble import LONGEST_S, next_wait_s


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    assert os.environ.get("TZ") != request.param or request.param == "UTC"
    time.tzset()


def kept(*videos, min_velocity: float = 100, **more):
    return choose(videos, NOW_MS, min_velocity, Scorer(min_velocity, **more))


def test_the_worked_examples_of_the_formula() -> None:
    fast, slow = video(1, minutes=10), video(2, minutes=120, **counts(1_000, 50, 10))
    assert velocity(fast, NOW_MS) == 570
    assert round(velocity(slow, NOW_MS), 1) == 8.8
    chosen = kept(fast, slow)
    assert [story.velocity for story in chosen.stories] == [570]
    assert chosen.stories[0].reason == "570 interactions a minute (5,700 in 10 min)"
    assert (chosen.others, chosen.dropped, chosen.seen) == ((slow,), {"too slow": 1}, 2)


def test_the_zone_of_the_machine_does_not_matter(zone) -> None:
    assert velocity(video(1, minutes=10), NOW_MS) == 570


def test_a_video_of_this_moment_counts_as_six_seconds_old() -> None:
    assert velocity(video(1, minutes=0), NOW_MS) == 57_000
    assert velocity(video(1, minutes=0.05), NOW_MS) == 57_000
    assert velocity(video(1, minutes=-3), NOW_MS) == 57_000  # clocks differ
    assert round(velocity(video(1, minutes=0.5), NOW_MS)) == 11_400


def test_exactly_the_threshold_is_kept() -> None:
    assert kept(video(1, 10, **counts(1_000))).stories[0].velocity == 100
    assert kept(video(1, 10, **counts(999))).dropped == {"too slow": 1}


def test_what_has_no_time_or_one_in_the_future_is_dropped_and_counted() -> None:
    chosen = kept(video(1, createTime=None), video(2, minutes=-30), video(3))
    assert chosen.dropped == {"no time of posting": 1, "posted in the future": 1}
    assert [story.video.post_id[-1] for story in chosen.stories] == ["3"]
    assert chosen.problems == {"time of posting missing": 1}


def test_a_video_of_the_next_minutes_counts_as_new_and_is_named() -> None:
    chosen = kept(video(1, minutes=-3), video(2, minutes=-3, **counts(0)), video(3, minutes=0), video(4, minutes=-30))
    assert [round(story.velocity) for story in chosen.stories] == [57_000, 57_000]
    assert chosen.problems.get("posted later than now") == 2 and chosen.dropped["posted in the future"] == 1


def test_the_velocity_part_tells_a_hundred_a_minute_from_a_thousand() -> None:
    assert velocity_part(100, 100) == 50
    assert velocity_part(316.22776601683796, 100) == pytest.approx(75)
    assert velocity_part(1_000, 100) == 100 == velocity_part(1e12, 100)
    assert velocity_part(570, 100) == pytest.approx(87.79, abs=0.01)
    assert velocity_part(0, 100) == 0 == velocity_part(1, 1e9)
    assert velocity_part(1e300, 5e-324) == 100


def test_credibility_is_of_the_verified_and_of_followers() -> None:
    assert credibility(video(1, authorStats={"followerCount": 1_000})) == pytest.approx(30)
    assert credibility(video(1, authorStats={"followerCount": 50_000_000})) == 60
    assert credibility(video(1, authorStats=None)) == 0
    ana = {"uniqueId": "ana", "verified": True}
    assert credibility(video(1, author=ana, authorStats={"followerCount": "1000000"})) == pytest.approx(100)
    assert credibility(video(1, author={"uniqueId": "ana", "verified": "true"}, authorStats=None)) == 0


def test_relevance_is_of_keywords_in_caption_and_hashtags() -> None:
    assert [relevance(count) for count in range(4)] == [0, 50, 75, 87.5]

    def found(caption: str, *keywords: str, **more):
        return Scorer(100, keywords).parts(video(1, desc=caption, **more), NOW_MS).keywords

    assert found("A new SONG for you", "song", "dance") == ("song",)
    assert found("partying", "art") == ()
    assert found("#Art and #party", "art", "#party", "#fun") == ("art", "#party")
    assert found("the word fun", "#fun") == ()
    assert found("x", "#fun", challenges=[{"title": "Fun"}]) == ("#fun",)
    assert found("今日はいい天気", "天気") == ("天気",)
    assert found("song", "song", "song", "#", " ") == ("song",)


def test_the_score_weighs_its_parts() -> None:
    parts = Scorer(100, ["video"]).parts(video(1), NOW_MS)
    assert (parts.credibility, parts.relevance) == (pytest.approx(30), 50)
    assert parts.score == pytest.approx(0.5 * parts.velocity + 0.3 * 30 + 0.2 * 50)
    only = Weights.from_names({"velocity": 0, "credibility": 3, "relevance": 0})
    assert Scorer(100, weights=only).parts(video(1), NOW_MS).score == pytest.approx(30)
    assert Weights.from_names({"relevance": 0.5}) == Weights(0.5, 0.3, 0.5)
    nothing = Weights(0, 0, 0)
    assert Scorer(100, weights=nothing).parts(video(1), NOW_MS).score == 0


def test_without_a_threshold_all_are_kept_and_scored() -> None:
    chosen = kept(video(1, **counts(0)), video(2), min_velocity=0)
    assert [(story.velocity, story.velocity_part) for story in chosen.stories] == [(570, 100), (0, 0)]


def test_stories_come_best_first() -> None:
    chosen = kept(video(1), video(2, minutes=5), video(3, minutes=20))
    assert [story.video.post_id[-1] for story in chosen.stories] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.2, "12 s"), (59, "59 min"), (170, "170 min"), (60 * 30, "30 h"), (60 * 24 * 9, "9 d")],
)
def test_reasons_say_the_age_as_one_would(minutes, said) -> None:
    likes = round(200 * minutes)
    assert kept(video(1, minutes, **counts(likes))).stories[0].reason.endswith(f"({likes:,} in {said})")


def limited(seconds: float = 0) -> Trouble:
    return Trouble(Kind.LIMITED, "a", "b", seconds)


def test_waits_double_when_tiktok_minds_up_to_some_hours_and_keep_what_it_asked_for() -> None:
    assert next_wait_s(900, None, 0, 1) == 900
    assert [next_wait_s(900, limited(), count, 0) for count in (1, 2, 3)] == [1_800, 3_600, 7_200]
    assert next_wait_s(900, limited(), 1, 1) == pytest.approx(2_160)
    assert next_wait_s(900, limited(), 99, 0) == LONGEST_S
    assert next_wait_s(40_000, limited(), 99, 0) == 40_000
    assert next_wait_s(60, limited(7_200), 1, 0) == 7_200
    assert next_wait_s(60, limited(1e9), 1, 0) == 86_400


def test_other_troubles_are_tried_again_at_the_usual_time() -> None:
    assert next_wait_s(900, Trouble(Kind.BROWSER_MISSING, "a", "b"), 5, 1) == 900
    assert next_wait_s(900, Trouble(Kind.NETWORK, "a", "b"), 5, 1) == 900


@pytest.mark.parametrize("kind", Kind)
def test_what_tiktok_asks_for_is_kept_whatever_the_trouble(kind) -> None:
    assert next_wait_s(60, Trouble(kind, "a", "b", 7_200), 1, 0) == 7_200
    assert next_wait_s(60, Trouble(kind, "a", "b", 1e9), 1, 0) == 86_400
    assert not Trouble(kind, "a", "b", 1).again and Trouble(kind, "a", "b", 1).asks_less
    assert Trouble(kind, "a", "b").again == kind.again


def test_minutes_are_sixty_thousand_milliseconds() -> None:
    assert video(1, 2).posted_ms == NOW_MS - 2 * MINUTE_MS
