"""Trending videos for the console's tests: a service in memory whose runs end when they are told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from msgspec import structs

from tests.ui.moment import NOW_MS
from tui_live.core.trends import Kind, Story, Trend, TrendRun, Trends, Trouble, Video
from tui_live.errors import TuiLiveError

MINUTE = 60_000
RUN_MS = NOW_MS - 3 * MINUTE
MISSING = Trouble(
    Kind.BROWSER_MISSING,
    "There is no Chromium that could fetch trending videos",
    "install it (Debian, Ubuntu: apt install chromium; Fedora: dnf install chromium), or set trends.executable_path",
)
LIMITED = Trouble(
    Kind.LIMITED, "TikTok says that it was asked too often", "wait; the watch asks less often by itself", 900.0
)


def trend(
    number: int, velocity: float = 100.0, *, new: bool = False, history: tuple[float, ...] = (), **facts: Any
) -> Trend:
    """A video that a run kept three minutes ago; its history is a quarter of an hour apart."""
    scores = {"score": 50.0 + number, "velocity_part": 60.0, "credibility": 40.0, "relevance": 50.0}
    scores = {name: facts.pop(name, value) for name, value in scores.items()}
    reason = facts.pop("reason", f"{velocity:,.0f} interactions a minute ({velocity * 10:,.0f} in 10 min)")
    usual = {
        **{"author": f"user{number}", "nickname": f"User {number}", "caption": f"video number {number}"},
        **{"posted_ms": RUN_MS - 10 * MINUTE, "likes": 1000 + number, "comments": 10, "shares": 5, "views": 90_000},
        "followers": 12_345,
    }
    video = Video(post_id=str(7_400_000_000_000_000_000 + number), **{**usual, **facts})
    speeds = (*history, velocity)
    points = tuple((RUN_MS - (len(speeds) - 1 - at) * 15 * MINUTE, speed) for at, speed in enumerate(speeds))
    story = Story(video=video, velocity=velocity, reason=reason, **scores)
    return Trend(story, video.url, new, points, len(points))


def good(*trends: Trend, fetched: int = 50, **dropped: int) -> Trends:
    """What is known after a good run that kept these."""
    others = (
        {"too slow": fetched - len(trends)} if not dropped else {key.replace("_", " "): dropped[key] for key in dropped}
    )
    return Trends(TrendRun(RUN_MS, fetched, len(trends), others, {"likes missing": 3}, 2), trends)


class FakeTrends:
    """Implements :class:`tui_live.ui.trends_backend.TrendsBackend`."""

    def __init__(self, known: Trends | None = None) -> None:
        self.known = known or Trends()
        self.every_minutes = 15.0
        self.refusal = ""
        self.error: TuiLiveError | None = None
        self.outcome = Trends()
        """What the next run that is let go on brings."""
        self.go_on = asyncio.Event()
        self.fetches = 0
        self.cancelled = 0
        self.stops = 0

    def put(self, **values: Any) -> None:
        """Something else is known."""
        self.known = structs.replace(self.known, revision=self.known.revision + 1, **values)

    async def latest(self) -> Trends:
        if self.error is not None:
            raise self.error
        return self.known

    def now(self) -> Trends:
        return self.known

    def refuses(self) -> str:
        return self.refusal

    async def fetch(self, progress: Callable[[str, float], None] | None = None) -> Trends:
        self.fetches += 1
        self.put(running=True, step="20 of 50 videos", share=0.4)
        try:
            await self.go_on.wait()
            if self.error is not None:
                raise self.error
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.put(running=False, step="", share=0.0)
        self.put(run=self.outcome.run or self.known.run, trouble=self.outcome.trouble)
        if self.outcome.run is not None:
            self.put(trends=self.outcome.trends)
        return self.known

    def stop(self) -> str:
        if not self.known.running:
            return ""
        self.stops += 1
        self.put(running=False, step="", share=0.0)
        return "fetching was stopped; the last result stays"

    def watch(self, on: bool) -> str:
        self.put(watching=on, next_ms=NOW_MS + 15 * MINUTE if on else 0)
        return f"watching: {on}"
