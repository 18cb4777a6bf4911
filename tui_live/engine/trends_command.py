"""``tui-live trends``: one run, or one after another, shown on a terminal or as JSON."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tui_live.config import Trends as Settings
from tui_live.core.times import iso
from tui_live.core.trends import Chosen, Latest, Run, Trend, Trouble
from tui_live.engine.jobs import Jobs
from tui_live.engine.trends import Trending
from tui_live.engine.trends_printing import as_json, table
from tui_live.store.trends import own_store

_TERMINATED = 128 + signal.SIGTERM
_INTERRUPTED = 128 + signal.SIGINT


class _OwnStore:
    """Opens the database for each write and read, so that a console may be started between two runs of a watch."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def add(self, run: Run, chosen: Chosen | None = None) -> Run:
        async with own_store(self._path) as store:
            return await store.add(run, chosen)

    async def latest(self) -> Latest:
        async with own_store(self._path) as store:
            return await store.latest()

    async def remove_old(self, before_ms: int) -> int:
        async with own_store(self._path) as store:
            return await store.remove_old(before_ms)


def run_trends(path: Path, settings: Settings, watch: bool, json: bool) -> int:
    """Fetch once, or until somebody stops it; returns the exit code: 1 when the run had trouble, 130 on Ctrl-C.

    Raises ``StoreError`` when the database cannot be written.
    """
    path = path.expanduser().resolve()
    command = _Command(path, settings, json)
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

    def __init__(self, path: Path, settings: Settings, json: bool) -> None:
        self._path = path
        self._settings = settings
        self._json = json
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
            shown = asyncio.ensure_future(self._follow(trending))
            try:
                while True:
                    run = await ended.get()
                    self.clear()
                    self._tell(run, trending.now().trends)
            finally:
                shown.cancel()

    @asynccontextmanager
    async def _trending(self) -> AsyncIterator[Trending]:
        async with own_store(self._path):
            pass  # it is said now if it cannot be written, and not after a minute
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        trending = Trending(self._settings, _OwnStore(self._path), Jobs(_spawn).start)
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
        if trouble is not None:
            self._complain(trouble)
            if not run.good and trends:
                click.echo(f"The last good result stays: {len(trends):,} videos of {_when(trends)}.", err=True)
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
