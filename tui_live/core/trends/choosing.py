"""Which videos are kept, and why the others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from tui_live.core.trends.score import Scorer
from tui_live.core.trends.velocity import minutes_since, velocity
from tui_live.core.trends.video import Story, Video

#: TikTok's clock and ours may differ by so much; what was posted later than that has a wrong time.
_CLOCKS_DIFFER_MS = 600_000

NO_TIME = "no time of posting"
FUTURE = "posted in the future"
SLOW = "too slow"
LATER = "posted later than now"


class Chosen(Struct, frozen=True):
    """What came out of the videos of one run.

    ``stories`` are the kept ones, the highest score first. ``others`` are the videos that were looked at and not kept
    for their speed. ``dropped`` counts videos by reason, ``problems`` what was odd about videos, kept or not; ``seen``
    is how many there were.
    """

    stories: tuple[Story, ...]
    others: tuple[Video, ...]
    dropped: Mapping[str, int]
    problems: Mapping[str, int]
    seen: int


def choose(videos: Iterable[Video], now_ms: int, min_velocity: float, scorer: Scorer) -> Chosen:
    """Keep the videos, each once, with at least ``min_velocity`` interactions a minute when they were seen.

    ``now_ms`` (UTC milliseconds) counts for a video of which that is not known. Later it would be slower: its counts
    are of then, while other pages, pauses and another browser take minutes.
    """
    stories: list[Story] = []
    others: list[Video] = []
    dropped: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    seen = 0
    for video in videos:
        seen += 1
        problems.update(video.problems)
        seen_ms = video.seen_ms or now_ms
        reason = _unfit(video, seen_ms)
        if not reason and velocity(video, seen_ms) < min_velocity:
            reason = SLOW
            others.append(video)
        if reason:
            dropped[reason] += 1
        else:
            stories.append(_story(video, seen_ms, scorer))
        if reason != FUTURE and video.posted_ms > seen_ms:  # with our clock behind, it looks as fast as nothing else
            problems[LATER] += 1
    stories.sort(key=lambda story: (-story.score, -story.velocity, story.video.post_id))
    return Chosen(tuple(stories), tuple(others), dict(dropped), dict(problems), seen)


def _unfit(video: Video, seen_ms: int) -> str:
    """Why nothing can be said of its speed; else empty."""
    if video.posted_ms <= 0:
        return NO_TIME
    return FUTURE if video.posted_ms > seen_ms + _CLOCKS_DIFFER_MS else ""


def _story(video: Video, seen_ms: int, scorer: Scorer) -> Story:
    parts = scorer.parts(video, seen_ms)
    speed = velocity(video, seen_ms)
    reason = f"{speed:,.0f} interactions a minute ({video.interactions:,} in {age(video.posted_ms, seen_ms)})"
    if parts.keywords:
        reason += f"; about {', '.join(parts.keywords)}"
    return Story(
        video=video,
        velocity=speed,
        score=parts.score,
        velocity_part=parts.velocity,
        credibility=parts.credibility,
        relevance=parts.relevance,
        reason=reason,
    )


def age(posted_ms: int, now_ms: int) -> str:
    """How long ago, in the unit in which one would say it."""
    minutes = minutes_since(posted_ms, now_ms)
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 180:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 4320 else f"{minutes / 1440:.0f} d"
