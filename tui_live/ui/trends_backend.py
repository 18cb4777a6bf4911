"""What the console needs of trending videos, and nothing more (see :mod:`tui_live.ui.backend`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from tui_live.core.trends.trouble import Trouble
from tui_live.core.trends.video import Story


class Trend(Struct, frozen=True):
    """A video that was fast enough in the last good run; ``url`` leads to it.

    ``new``: no run before had it. ``history`` has (UTC milliseconds, velocity) of each run that had it, in order,
    up to a bound, the last one included.
    """

    story: Story
    url: str
    new: bool
    history: tuple[tuple[int, float], ...]


class TrendRun(Struct, frozen=True):
    """One good run: when (UTC milliseconds), how many were fetched, kept, why others were not, and odd values by kind."""

    at_ms: int
    fetched: int
    kept: int
    dropped: Mapping[str, int]
    problems: Mapping[str, int]
    duplicates: int = 0


class Trends(Struct, frozen=True):
    """What is known now: ``run`` is the last good run (``None``: there was none yet) and ``trends`` what it kept.

    ``trouble`` is what ended the last run, if it was not good; the last good result stays. ``next_ms`` is when the
    watch tries again (0: it is off). ``step`` says what a run that is under way is doing, ``share`` how far it is, from
    0 to 1; both are empty otherwise. ``revision`` changes whenever anything does.
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


class TrendsBackend(Protocol):
    """What is awaited raises ``TuiLiveError`` with a line for the operator."""

    @property
    def every_minutes(self) -> float:
        """How often the watch fetches."""

    async def latest(self) -> Trends:
        """What is known, from this run of the program or an earlier one."""

    def now(self) -> Trends:
        """The same at once, as far as it was read; may be asked twenty times a second."""

    def refuses(self) -> str:
        """Why nothing is fetched here (a replay, the demo), as a line; empty where it is."""

    async def fetch(self, progress: Callable[[str, float], None] | None = None) -> Trends:
        """Fetch once now; who asks while a run is under way waits for that one. To be cancelled like any task."""

    def watch(self, on: bool) -> str:
        """Fetch every so many minutes from now on, or no more; a line about it."""
