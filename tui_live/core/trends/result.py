"""What is kept of runs, and shown: when, how many, why not, and the stories of the last good one."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from tui_live.core.trends.choosing import SLOW
from tui_live.core.trends.trouble import Trouble
from tui_live.core.trends.video import Story


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
        """Whether it brought videos whose speed is known, so that it says what takes off and what does so no more."""
        return self.kept + self.dropped.get(SLOW, 0) > 0

    @property
    def whole(self) -> bool:
        """Whether it went to its end: what a run that was cut short did not bring may be as fast as before."""
        return self.good and self.trouble is None

    @property
    def shown(self) -> TrendRun:
        """As it is shown; the time is that of its end."""
        at_ms = self.started_ms + round(self.seconds * 1000)
        return TrendRun(at_ms, self.fetched, self.kept, self.dropped, self.problems, self.duplicates)

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


class Trend(Struct, frozen=True):
    """A video that was fast enough in the last good run, or before it where that was cut short; ``url`` leads to it.

    ``new``: kept by the last good run and not by the one before. ``runs`` is how many runs of the last 14 days had it;
    ``history`` has (UTC milliseconds, velocity) of the last 200 of these, in order. The story's video has neither
    TikTok's item nor hashtags and problems with it.
    """

    story: Story
    url: str
    new: bool
    history: tuple[tuple[int, float], ...]
    runs: int = 1


class TrendRun(Struct, frozen=True):
    """One good run: when (UTC milliseconds), how many were fetched, kept, why others were not, odd values by kind."""

    at_ms: int
    fetched: int
    kept: int
    dropped: Mapping[str, int]
    problems: Mapping[str, int]
    duplicates: int = 0


class Latest(Struct, frozen=True):
    """What the database has: the last good run, the last of all (which may have brought nothing), and the stories of
    the good one, the highest score first. ``None`` where there was none yet.
    """

    run: Run | None = None
    tried: Run | None = None
    trends: tuple[Trend, ...] = ()


class Trends(Struct, frozen=True):
    """What is known now: ``run`` is the last good run (``None``: there was none yet) and ``trends`` what it kept.

    ``trouble`` is what ended the last run, if it was not good or was cut short; the last good result stays.
    ``next_ms`` is when the watch tries again (0: it is off). ``step`` says what a run that is under way is doing,
    ``share`` how far it is, from 0 to 1; both are empty otherwise. ``revision`` changes whenever anything does.
    """

    run: TrendRun | None = None
    trends: tuple[Trend, ...] = ()
    trouble: Trouble | None = None
    watching: bool = False
    next_ms: int = 0
    running: bool = False
    step: str = ""
    share: float = 0.0
    revision: int = 0
