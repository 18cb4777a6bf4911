"""What is kept of runs, and shown: when, how many, why not, and the stories of the last good one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from tui_live.core.trends.trouble import Trouble


class Run(Struct, frozen=True, kw_only=True):
    """One run.

    ``number`` is its number in the database, 0 before it is there. ``started_ms`` is UTC milliseconds. ``fetched`` are
    the videos that were looked at, each once; ``dropped`` counts those that were not kept by reason, ``problems`` what
    was odd, by what it was. ``trouble`` is why there are none, or no more.
    """

    number: int = 0
    started_ms: int
    seconds: float
    wanted: int
    min_velocity: float
    fetched: int = 0
    kept: int = 0
    duplicates: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def good(self) -> bool:
        """Whether it brought videos, so that its stories are those that count."""
        return self.fetched > 0

    def describe(self) -> str:
        """The counts in a line: ``50 fetched, 12 kept; 30 too slow, 8 no time of posting; likes missing ×3``."""
        parts = [f"{self.fetched:,} fetched, {self.kept:,} kept"]
        dropped = [f"{count:,} {reason}" for reason, count in self.dropped.items()]
        if self.duplicates:
            dropped.append(f"{self.duplicates:,} came again")
        if dropped:
            parts.append(", ".join(dropped))
        if self.problems:
            parts.append(", ".join(f"{what} ×{count:,}" for what, count in self.problems.items()))
        return "; ".join(parts)


class Point(NamedTuple):
    """A video's velocity (interactions a minute since posting) at a time (UTC milliseconds)."""

    time_ms: int
    velocity: float


class Trend(Struct, frozen=True, kw_only=True):
    """A story as it is shown. Texts are safe to print; ``author`` is a handle without ``@`` and may be empty.

    ``posted_ms`` and ``seen_ms`` (of the run that these numbers are of) are UTC milliseconds. ``velocity`` is
    interactions a minute; ``score`` and its parts are 0 to 100. ``is_new``: it was not among the stories of the good
    run before. ``history`` has its velocity at each run in which it was seen, the oldest first.
    """

    post_id: str
    author: str
    nickname: str
    verified: bool
    followers: int
    caption: str
    url: str
    posted_ms: int
    seen_ms: int
    likes: int
    comments: int
    shares: int
    views: int
    velocity: float
    score: float
    velocity_part: float
    credibility: float
    relevance: float
    reason: str
    is_new: bool
    history: tuple[Point, ...] = ()


class Latest(Struct, frozen=True):
    """``run`` is the last good run and ``trends`` its stories, the highest score first; ``tried`` is the last run of
    all, which may have brought nothing. ``None`` where there was none yet.
    """

    run: Run | None = None
    tried: Run | None = None
    trends: tuple[Trend, ...] = ()
