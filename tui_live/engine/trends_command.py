"""``tui-live trends``: one run, or one after another, shown on a terminal or as JSON."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from tui_live.config import Trends as Settings
from tui_live.core.times import iso
from tui_live.core.trends import Chosen, Latest, Run, Trend, Trouble
from tui_live.core.trends.saying import counted
from tui_live.engine.jobs import Jobs
from tui_live.engine.trends import Trending
from tui_live.engine.trends_printing import as_json, table
from tui_live.errors import StoreError
from tui_live.store.trends import TrendStore, own_store

log = logging.getLogger(__name__)
T = TypeVar("T")

_TERMINATED = 128 + signal.SIGTERM
_INTERRUPTED = 128 + signal.SIGINT
_DAY_SECONDS = 86_400


class _OwnStore:
    """Opens the database for each write and read, so that a console may be started between two runs of a watch."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()

    async def _within(self, work: Callable[[TrendStore], Awaitable[T]]) -> T:
        """Do ``work`` to its end, also when the waiter is cancelled: opening leaves a thread where it is broken off."""

        async def whole() -> T:
            async with self._turn, own_store(self._path) as store:
                return await work(store)

        task = asyncio.ensure_future(whole())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            if not task.cancelled() and (error := task.exception()) is not None:
                log.info("trends: what was broken off ended with %r", error)
            raise

    async def add(self, run: Run, chosen: Chosen | None = None) -> Run:
        return await self._within(lambda store: store.add(run, chosen))

    async def latest(self) -> Latest:
        return await self._within(lambda store: store.latest())

    async def remove_old(self, days: float, now_ms: int) -> int:
        return await self._within(lambda store: store.remove_old(days, now_ms))


def run_trends(path: Path, settings: Settings, watch: bool, json: bool, days: float | None = None) -> int:
    """Fetch once, or until somebody stops it; returns the exit code: 1 when the run had trouble, 130 on Ctrl-C.

    A watch forgets what is older than ``days``, at its start and once a day. Raises ``StoreError`` when the database
    cannot be written.
    """
    path = path.expanduser().resolve()
    command = _Command(path, settings, json, days)
    try:
        return asyncio.run(command.watch() if watch else command.once())
    except KeyboardInterrupt:
        command.clear()
        click.echo("tui-live: interrupted — the last result stays", err=True)
        return _INTERRUPTED
    except asyncio.CancelledError:
        command.clear()
        return _TERMINATED


class _Command:
    """One call of the command."""

    def __init__(self, path: Path, settings: Settings, json: bool, days: float | None) -> None:
        self._path = path
        self._settings = settings
        self._json = json
        self._days = days
        self._shows = sys.stderr.isatty()
        self._shown = 0

    async def once(self) -> int:
        """One run."""
        async with self._trending() as trending:
            run = await trending.once(self._progress)
            self.clear()
            self._tell(run, trending.now().trends)
            return int(run.trouble is not None)

    async def watch(self) -> int:
        """Runs until it is stopped."""
        ended: asyncio.Queue[Run] = asyncio.Queue()
        async with self._trending() as trending:
            trending.told, trending.failed = ended.put_nowait, self._complain
            trending.watch(True)
            beside = [asyncio.ensure_future(work) for work in (self._follow(trending), self._tidy(trending))]
            try:
                while True:
                    run = await ended.get()
                    self.clear()
                    self._tell(run, trending.now().trends)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.wait(beside)

    @asynccontextmanager
    async def _trending(self) -> AsyncIterator[Trending]:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        trending = Trending(self._settings, _OwnStore(self._path), Jobs(_spawn).start)
        await trending.latest()  # it is said now if the database cannot be written, and not after a minute
        try:
            yield trending
        finally:
            await trending.close()

    async def _follow(self, trending: Trending) -> None:
        """Show what a watch is doing; between two runs, when the next one is."""
        while True:
            now = trending.now()
            if now.running:
                self._progress(now.step, now.share)
            elif now.next_ms:
                self._progress(f"next at {_clock(now.next_ms)}", 0.0)
            await asyncio.sleep(0.5)

    async def _tidy(self, trending: Trending) -> None:
        """Old runs and videos go, at the start and once a day."""
        while True:
            try:
                await trending.remove_old(self._days)
            except StoreError as error:
                log.warning("trends: old videos stay for now: %s", error)
            await asyncio.sleep(_DAY_SECONDS)

    def _progress(self, step: str, share: float) -> None:
        if self._shows:
            line = f"{step} … {share:.0%}" if share else step
            click.echo(f"\r{line:<{self._shown}}", nl=False, err=True)
            self._shown = len(line)

    def clear(self) -> None:
        """Take the line of the progress away."""
        if self._shown:
            click.echo(f"\r{'':<{self._shown}}\r", nl=False, err=True)
            self._shown = 0

    def _tell(self, run: Run, trends: tuple[Trend, ...]) -> None:
        trouble = run.trouble
        if self._json:
            click.echo(as_json(run, trends))
        elif run.good:
            new = sum(trend.new for trend in trends)
            click.echo(f"{_clock(run.shown.at_ms)}  {run.describe()}" + (f"; {new:,} new (*)" if new else ""))
            if trends:
                click.echo(table(trends))
            if len(trends) > run.kept:
                earlier = counted(len(trends) - run.kept, "video")
                click.echo(f"{earlier} of earlier runs among them: this one was cut short.", err=True)
        if trouble is not None:
            self._complain(trouble)
            if not run.good and trends:
                click.echo(f"The last good result stays: {counted(len(trends), 'video')} of {_when(trends)}.", err=True)
        sys.stdout.flush()

    def _complain(self, trouble: Trouble) -> None:
        self.clear()
        click.echo(f"tui-live: {trouble}", err=True)


def _when(trends: tuple[Trend, ...]) -> str:
    return iso(max(time_ms for trend in trends for time_ms, _ in trend.history))


def _clock(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%H:%M:%S")


def _spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)
