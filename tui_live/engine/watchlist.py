"""Which streams are watched, each with the task that keeps it connected."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable

from tui_live.config import TikTok, normalise_stream
from tui_live.core.board import Board
from tui_live.engine.jobs import Job, Jobs
from tui_live.engine.stream import Stream
from tui_live.errors import MissingError, StreamError
from tui_live.tiktok import connection
from tui_live.tiktok.scheduler import ConnectScheduler
from tui_live.tiktok.supervisor import Supervisor

log = logging.getLogger(__name__)


class Watched:
    """A stream and the task that keeps it connected, if one runs."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.supervisor: Supervisor | None = None
        self.job: Job | None = None


class Watchlist:
    """Streams by name, in the order in which they were added. ``make`` makes one from its name and its number.

    A name that is not on it raises :class:`~tui_live.errors.MissingError`.
    """

    def __init__(self, settings: TikTok, jobs: Jobs, make: Callable[[str, int], Stream]) -> None:
        self._settings = settings
        self._jobs = jobs
        self._make = make
        self._scheduler = ConnectScheduler(settings.connect_budget)
        self._watched: dict[str, Watched] = {}
        self._next_index = 0
        self._library: asyncio.Future[None] | None = None

    # Queries

    def streams(self) -> dict[str, Stream]:
        """All of them."""
        return {name: watched.stream for name, watched in self._watched.items()}

    def stream(self, name: str) -> Stream:
        """One of them."""
        return self._find(name).stream

    def boards(self) -> dict[str, Board]:
        """The scores of those that have some."""
        boards = {name: watched.stream.sessions.board for name, watched in self._watched.items()}
        return {name: board for name, board in boards.items() if board is not None}

    def under_way(self) -> set[str]:
        """The keys of the sessions that take frames."""
        current = (watched.stream.sessions.current for watched in self._watched.values())
        return {session.id for session in current if session is not None}

    def held(self) -> set[str]:
        """The keys of the sessions that streams show or are to go on with."""
        return {key for watched in self._watched.values() for key in watched.stream.sessions.held}

    def settled(self) -> bool:
        """Whether every stream is ended, blocked, failed or stopped."""
        return all(watched.stream.standing.state.settled for watched in self._watched.values())

    # Commands

    def add(self, name: str) -> str:
        """Watch another stream from now on; returns its name. Raises ``ConfigError`` or ``StreamError``."""
        name = normalise_stream(name, self._settings.web_url or "")
        if name in self._watched:
            raise StreamError(f"@{name} is being watched already", "choose it in the streams pane")
        index = self._next_index
        self._next_index += 1
        stream = self._make(name, index)
        self._watched[name] = Watched(stream)
        self._jobs.start(stream.sessions.recall(), f"last session of {name}")
        self.start(name)
        return name

    def start(self, name: str) -> None:
        """Start a stopped stream; one that waits for anything tries at once."""
        watched = self._find(name)
        if watched.job is not None and not watched.job.done.is_set():
            assert watched.supervisor is not None
            watched.supervisor.poke()
            return
        watched.stream.starting()
        watched.supervisor = Supervisor(name, self._settings, self._scheduler, watched.stream)
        watched.job = self._jobs.start(self._connect(watched.supervisor), f"stream {name}", watched.stream.crashed)

    async def stop(self, name: str) -> None:
        """Hang up; the session is interrupted and can go on."""
        watched = self._find(name)
        if watched.job is not None:
            await watched.job.stop()
            watched.job = watched.supervisor = None
        await watched.stream.leave("stopped by the operator")
        await watched.stream.stopped()

    async def remove(self, name: str) -> None:
        """Stop and forget the stream; its sessions stay."""
        await self.stop(name)
        self._watched.pop(name, None)

    async def close(self) -> None:
        """Hang up everywhere."""
        hanging_up = (self._hang_up(watched) for watched in self._watched.values())
        for problem in await asyncio.gather(*hanging_up, return_exceptions=True):
            if isinstance(problem, BaseException):
                log.error("hanging up failed", exc_info=problem)

    # Inside

    async def _connect(self, supervisor: Supervisor) -> None:
        """Import TikTokLive once, in a thread, then keep the stream connected."""
        if self._library is None:
            self._library = asyncio.ensure_future(_load_library())
        if not self._library.done():
            await asyncio.shield(self._library)
        await supervisor.run()

    async def _hang_up(self, watched: Watched) -> None:
        if watched.job is not None:
            await watched.job.stop()
        await watched.stream.leave("TUI Live was closed")

    def _find(self, name: str) -> Watched:
        try:
            return self._watched[name]
        except KeyError:
            raise MissingError(f"@{name} is not being watched", "add it first") from None


async def _load_library() -> None:
    await asyncio.to_thread(connection.load)
    # Two hundred thousand objects that stay for good: no later collection shall look through them.
    gc.collect()
    gc.freeze()
