"""The orders in which trending videos are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui_live.core.trends.result import Trend

#: By name; the highest value is first.
ORDERS: dict[str, Callable[[Trend], float]] = {
    "velocity": lambda trend: trend.story.velocity,
    "score": lambda trend: trend.story.score,
    "newest": lambda trend: trend.story.video.posted_ms,
    "likes": lambda trend: trend.story.video.likes,
    "comments": lambda trend: trend.story.video.comments,
    "shares": lambda trend: trend.story.video.shares,
    "views": lambda trend: trend.story.video.views,
}


def ordered(trends: Iterable[Trend], order: str) -> list[Trend]:
    """By one of :data:`ORDERS`; equals by their speed."""
    value = ORDERS[order]
    return sorted(trends, key=lambda trend: (-value(trend), -trend.story.velocity, trend.story.video.post_id))
