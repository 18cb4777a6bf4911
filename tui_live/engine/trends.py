"""Trending videos: one run at a time, by hand or again and again, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import structs

from tui_live.config import Trends as Settings
from tui_live.core.trends import Chosen, Kind, Latest, Run, Trends, Trouble
from tui_live.core.trends.trouble import next_wait_s
from tui_live.engine.jobs import Job
from tui_live.engine.trends_judging import judged
from tui_live.errors import TrendsError, TuiLiveError

if TYPE_CHECKING:
    from tui_live.trends.limits import Limits

log = logging.getLogger(__name__)

_DAY_MS = 86_400_000
Progress = Callable[[str, float], None]


class Store(Protocol):
    """Keeps runs (:class:`tui_live.store.trends.TrendStore`)."""

    async def add(self, run: Run, chosen: Chosen | None = None) -> Run:
        """Write a run; returned with its number."""

    async def latest(self) -> Latest:
        """The last good run, and the last of all."""

    async def remove_old(self, before_ms: int) -> int:
        """Forget what is older."""


class Trending:
    """What :class:`tui_live.ui.trends_backend.TrendsBackend` promises. ``start`` runs a coroutine as a named job.

    ``told`` hears every run that ends, ``failed`` what kept a watch from writing one. Nothing of TikTokApi is imported
    before the first run.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        start: Callable[[Coroutine[Any, Any, None], str], Job],
        limits: Limits | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._start = start
        self._limits = limits
        self.told: Callable[[Run], None] = lambda run: None
        self.failed: Callable[[Trouble], None] = lambda trouble: None
        self._known = Trends()
        self._read = False
        self._run: asyncio.Task[Run] | None = None
        self._waiting = 0
        self._listeners: list[Progress] = []
        self._watching: Job | None = None
        self._woken = asyncio.Event()
        self._minded = 0
        """Runs in a row that TikTok minded."""

    # Queries

    @property
    def every_minutes(self) -> float:
        """How often the watch fetches."""
        return self._settings.every_minutes

    def now(self) -> Trends:
        """What is known, as far as it was read."""
        return self._known

    async def latest(self) -> Trends:
        """What is known, from this run of the program or an earlier one. Raises ``StoreError``."""
        if not self._read:
            self._show(await self._store.latest())
        return self._known

    def refuses(self) -> str:
        """Where this runs, videos are fetched."""
        return ""

    # Commands

    async def fetch(self, progress: Progress | None = None) -> Trends:
        """Fetch once now, or wait for the run that is under way; cancelled, the run ends unless others wait for it.

        Raises ``StoreError`` when it cannot be written.
        """
        await self.once(progress)
        return self._known

    async def once(self, progress: Progress | None = None) -> Run:
        """The same; the run itself."""
        if self._run is None:
            self._run = asyncio.ensure_future(self._once())
            self._run.add_done_callback(self._over)
        run = self._run
        if progress is not None:
            self._listeners.append(progress)
        self._waiting += 1
        try:
            return await asyncio.shield(run)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or not task.cancelling():
                raise TrendsError("Fetching trending videos was stopped", "the last result stays") from None
            if self._waiting == 1:
                run.cancel()
                await asyncio.wait({run})  # until its browser has ended
            raise
        finally:
            self._waiting -= 1
            if progress is not None:
                self._listeners.remove(progress)

    def watch(self, on: bool) -> str:
        """Repeat, the first time now, or no longer; a line about it."""
        if on and self._watching is None:
            self._woken = asyncio.Event()
            self._watching = self._start(self._repeat(self._woken), "trends")
        elif not on:
            self._woken.set()
            self._watching = None
        self._change(watching=on, next_ms=self._known.next_ms if on else 0)
        if on:
            return f"trending videos are fetched now and every {self._settings.every_minutes:g} minutes"
        return "trending videos are fetched no more by themselves"

    async def remove_old(self, days: float | None) -> None:
        """Forget what is older than ``days``, where that is limited. Raises ``StoreError``."""
        if days is not None and await self._store.remove_old(round(_now_ms() - days * _DAY_MS)) and self._read:
            self._show(await self._store.latest())

    async def close(self) -> None:
        """Stop watching and fetching; the browser has ended when this returns."""
        watching, self._watching = self._watching, None
        if watching is not None:
            await watching.stop()
        if self._run is not None:
            self._run.cancel()
            await asyncio.wait({self._run})

    # Inside

    def _change(self, **values: Any) -> None:
        self._known = structs.replace(self._known, revision=self._known.revision + 1, **values)

    def _show(self, latest: Latest) -> None:
        self._read = True
        run = latest.run
        trouble = None if latest.tried is None else latest.tried.trouble
        self._change(run=None if run is None else run.shown, trends=latest.trends, trouble=trouble)

    def _progress(self, step: str, share: float) -> None:
        self._change(running=True, step=step, share=share)
        for listener in list(self._listeners):
            listener(step, share)

    def _fail(self, trouble: Trouble) -> None:
        self._change(trouble=trouble)
        self.failed(trouble)

    def _over(self, run: asyncio.Task[Run]) -> None:
        self._run = None
        self._change(running=False, step="", share=0.0)
        if not run.cancelled() and (error := run.exception()) is not None:
            log.warning("trends: %s", error)

    async def _once(self) -> Run:
        from tui_live.trends.fetching import fetch

        started_ms, began = _now_ms(), time.monotonic()
        outcome = await fetch(self._settings, self._limits, self._progress)
        run, chosen = judged(outcome, self._settings, started_ms, time.monotonic() - began)
        run = await self._store.add(run, chosen)
        self._minded = self._minded + 1 if run.trouble is not None and run.trouble.kind.asks_less else 0
        log.info("trends: %s", run.describe())
        if run.trouble is not None:
            log.warning("trends: %s", run.trouble)
        self._show(await self._store.latest())
        self.told(run)
        return run

    async def _repeat(self, woken: asyncio.Event) -> None:
        """Run until somebody wakes us; whatever happens, the next run comes."""
        while not woken.is_set():
            trouble: Trouble | None = None
            try:
                trouble = (await self.once()).trouble
            except TuiLiveError as error:
                self._fail(Trouble(Kind.PROGRAM, error.title, error.remedy))
            except Exception as error:  # the next run may be better
                log.exception("trends: a run ended with an error")
                self._fail(Trouble(Kind.PROGRAM, f"A run ended with an error ({error})", "see the log file"))
            if woken.is_set():
                return
            seconds = next_wait_s(self._settings.every_minutes * 60, trouble, self._minded, random.random())  # noqa: S311
            self._change(next_ms=_now_ms() + round(seconds * 1000))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
