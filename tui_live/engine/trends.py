"""Trending videos: one run at a time, by hand or again and again, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import structs

from tui_live.config import Trends as Settings
from tui_live.core import times
from tui_live.core.trends import Chosen, Kind, Latest, Run, Trends, Trouble
from tui_live.engine.jobs import Job
from tui_live.engine.trends_judging import judged, unwritten
from tui_live.engine.trends_pacing import Pace
from tui_live.errors import StoreError, TrendsError, TuiLiveError

if TYPE_CHECKING:
    from tui_live.trends.limits import Limits

log = logging.getLogger(__name__)

#: A database that is busy is asked again after so long …
_AGAIN_S = 1.0
#: … and given up after so long; what the run brought is shown all the same.
_WRITE_S = 30.0
Progress = Callable[[str, float], None]


class Stopped(TrendsError):
    """Somebody stopped the run."""

    def __init__(self) -> None:
        super().__init__("Fetching trending videos was stopped", "the last result stays")


class Store(Protocol):
    """Keeps runs (:class:`tui_live.store.trends.TrendStore`)."""

    async def add(self, run: Run, chosen: Chosen | None = None) -> Run:
        """Write a run; returned with its number."""

    async def latest(self) -> Latest:
        """The last good run, and the last of all."""

    async def remove_old(self, days: float, now_ms: int) -> int:
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
        self._watch_waits = False
        self._stirred = asyncio.Event()
        """Wakes the watch whose own it is: another run has ended. A watch without one is over."""
        self._pace = Pace(settings.every_minutes * 60)

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

        Raises :class:`Stopped` when somebody else stops it.
        """
        await self.once(progress)
        return self._known

    async def once(self, progress: Progress | None = None) -> Run:
        """The same; the run itself."""
        while self._run is not None and self._run.cancelling():
            await asyncio.wait({self._run})
            await asyncio.sleep(0)  # until :meth:`_over` has heard of it
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
                raise Stopped from None
            if self._waiting == 1:
                self.stop()
                await asyncio.wait({run})  # until its browser has ended
            raise
        finally:
            self._waiting -= 1
            if progress is not None:
                self._listeners.remove(progress)

    def stop(self) -> str:
        """End the run that is under way, whoever asked for it; a line about it, empty where there is none to be ended.

        A watch goes on with the next one.
        """
        if self._run is None or self._run.cancelling():
            return ""
        self._run.cancel()
        self._change(step="stopping")
        return "fetching was stopped; the last result stays"

    def watch(self, on: bool) -> str:
        """Repeat, the first time as soon as TikTok allows it, or no more, ending the watch's run; a line about it."""
        if on:
            if self._watching is None:
                self._stirred = asyncio.Event()
                self._watching = self._start(self._repeat(self._stirred), "trends")
            self._change(watching=True)
            every = f"every {self._settings.every_minutes:g} minutes"
            if self._pace.earliest.in_s > 0:
                return f"trending videos are fetched {every}, the first time when TikTok allows it again"
            return f"trending videos are fetched now and {every}"
        said = "trending videos are fetched no more by themselves"
        if self._watch_waits and self._waiting == 1 and self.stop():
            said += "; the run was stopped, and the last result stays"
        stirred, self._stirred = self._stirred, asyncio.Event()
        stirred.set()
        self._watching = None
        self._change(watching=False, next_ms=0)
        return said

    async def remove_old(self, days: float | None) -> None:
        """Forget what is older than ``days``, where that is limited. Raises ``StoreError``."""
        if days is not None and await self._store.remove_old(days, times.now_ms()) and self._read:
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
        self._stirred.set()
        self._change(running=False, step="", share=0.0)
        if not run.cancelled() and (error := run.exception()) is not None:
            log.warning("trends: %s", error)

    async def _once(self) -> Run:
        from tui_live.trends.fetching import fetch

        started_ms, began = times.now_ms(), time.monotonic()
        try:
            outcome = await fetch(self._settings, self._limits, self._progress)
        except BaseException:
            self._pace.broke_off(times.now_ms())
            raise
        run, chosen = judged(outcome, self._settings, started_ms, time.monotonic() - began)
        self._pace.ended(run.trouble, times.now_ms())
        log.info("trends: %s", run.describe())
        run = await self._keep(run, chosen)
        if run.trouble is not None:
            log.warning("trends: %s", run.trouble)
        self.told(run)
        return run

    async def _keep(self, run: Run, chosen: Chosen | None) -> Run:
        """Write a run and show what is known then; from memory, where the database is busy for long."""
        refusal = StoreError(
            f"The database was busy for {_WRITE_S:g} s", "another program writes into it; end it or try again"
        )
        try:
            async with asyncio.timeout(_WRITE_S):
                while not run.number:
                    try:
                        run = await self._store.add(run, chosen)
                    except StoreError as error:
                        refusal = error
                        self._progress(f"waiting for the database ({error.title})", 1.0)
                        await asyncio.sleep(_AGAIN_S)
                self._show(await self._store.latest())
                return run
        except TimeoutError:
            pass
        except StoreError as error:
            refusal = error
        trouble = Trouble(Kind.DATABASE, refusal.title, refusal.remedy)
        if not run.good or chosen is None:
            self._change(trouble=run.trouble)
            log.warning("trends: %s", trouble)
            return run
        self._read = True
        self._change(run=run.shown, trends=unwritten(self._known, run, chosen), trouble=trouble)
        return structs.replace(run, trouble=trouble)

    async def _repeat(self, stirred: asyncio.Event) -> None:
        """Run whenever it is due, as long as ``stirred`` is ours; whatever happens, the next run comes."""
        due = self._pace.earliest
        while self._stirred is stirred:
            stirred.clear()
            if due.in_s > 0:
                self._change(next_ms=due.shown_ms)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stirred.wait(), due.in_s)
            if not stirred.is_set():
                await self._watched()
            due = self._pace.due

    async def _watched(self) -> None:
        self._watch_waits = True
        try:
            await self.once()
        except Stopped:
            log.info("trends: a run was stopped")
        except TuiLiveError as error:
            self._fail(Trouble(Kind.PROGRAM, error.title, error.remedy))
        except Exception as error:  # the next run may be better
            log.exception("trends: a run ended with an error")
            self._fail(Trouble(Kind.PROGRAM, f"A run ended with an error ({error})", "see the log file"))
        finally:
            self._watch_waits = False
