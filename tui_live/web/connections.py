"""Connections that are held open without asking or taking anything are cut, and so is one too many.

Whoever was let in once has asked; everybody else is silent. Of these only a few from elsewhere are kept, and a share of
all connections is kept for this machine: its overlays come in, however many hold connections open from elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tui_live.web.answers import error
from tui_live.web.headers import HEADERS
from tui_live.web.peers import is_this_machine

#: Whoever has not sent a whole request after so long never will.
FIRST_REQUEST_SECONDS = 10.0
#: Whoever lets us wait for so long and takes less than that a second meanwhile is gone, or wants to hold something of
#: ours.
STUCK_SECONDS = 60.0
LEAST_BYTES_PER_SECOND = 16_000
_MOST_CONNECTIONS = 1_500
#: Connections from elsewhere that have not been let in yet: a browser's ask within the blink of an eye.
_MOST_SILENT = 64
#: So many bytes are read at once: tens of thousands of tiny frames, or requests, would be taken apart without a pause.
_AT_ONCE = 8_192
#: The share of all connections that only this machine may use.
_OURS = 0.25


class Connections:
    """The connections of one server: aiohttp would wait for ever for a request, and for a reader of an answer."""

    def __init__(self, first_request_seconds: float = FIRST_REQUEST_SECONDS, most: int = 0) -> None:
        self.seconds = first_request_seconds
        self.most = most or min(_MOST_CONNECTIONS, _files_allowed() // 2)
        self.open: set[Line] = set()
        #: Who has not been let in yet, the oldest first.
        self.silent: dict[Line, None] = {}
        self._from_elsewhere = 0

    def middleware(self) -> Middleware:
        """Notes who was let in: it belongs behind whatever refuses."""

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            if isinstance(request.protocol, Line):
                self.silent.pop(request.protocol, None)
            return await handler(request)

        return note

    def take(self, line: Line) -> bool:
        """Whether there is room for another one; a silent one may have to go for it."""
        if not line.local and sum(not other.local for other in self.silent) >= _MOST_SILENT:
            self._cut_silent(elsewhere=True)
        if not self._has_room(line):
            self._cut_silent(elsewhere=not line.local)
            if not self._has_room(line):
                return False
        self.open.add(line)
        self.silent[line] = None
        self._from_elsewhere += not line.local
        return True

    def forget(self, line: Line) -> None:
        """It is over."""
        if line in self.open:
            self.open.discard(line)
            self._from_elsewhere -= not line.local
        self.silent.pop(line, None)

    def _has_room(self, line: Line) -> bool:
        if not line.local and self._from_elsewhere >= self.most - int(self.most * _OURS):
            return False
        return len(self.open) < self.most

    def _cut_silent(self, *, elsewhere: bool) -> None:
        """Cut the oldest silent connection of the address that has most of them (``elsewhere``: none of ours)."""
        candidates = [line for line in self.silent if not (elsewhere and line.local)]
        if candidates:
            crowd = Counter(line.address for line in candidates).most_common(1)[0][0]
            victim = next(line for line in candidates if line.address == crowd)
            self.forget(victim)
            victim.abort()

    def end_streams(self) -> None:
        """End what never ends by itself (:func:`ended_with_connection`)."""
        for line in self.open:
            line.end_streams()


class Line(web.RequestHandler):
    """One connection."""

    def __init__(self, connections: Connections, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.address = ""
        self.local = False
        self.streaming: set[asyncio.Task[Any]] = set()
        self._connections = connections
        self._timers: dict[str, asyncio.TimerHandle] = {}
        #: While the other side let us wait: for how long, and how many bytes it took of how many.
        self._waited = 0.0
        self._taken = 0
        self._paused_at = 0.0
        self._paused_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, unless it is one too many."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        self.local = is_this_machine(self.address)
        if hasattr(transport, "max_size"):
            transport.max_size = _AT_ONCE
        if not self._connections.take(self):
            self.abort()
            return
        self._after(self._connections.seconds, "first request", self._cut_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Clear up, and end what is being sent."""
        self._connections.forget(self)
        for timer in self._timers.values():
            timer.cancel()
        super().connection_lost(exc)
        self.end_streams()

    def end_streams(self) -> None:
        """Cancel whoever streams to this connection."""
        for task in self.streaming:
            task.cancel()

    def pause_writing(self) -> None:
        """The other side takes less than it is sent: for a while."""
        super().pause_writing()
        self._paused_at, self._paused_bytes = self._now(), self._unsent()
        self._after(max(0.0, STUCK_SECONDS - self._waited), "stuck", self._cut_if_stuck)

    def resume_writing(self) -> None:
        """It has taken nearly everything: what it took, and how long that was, counts on."""
        super().resume_writing()
        self._count()
        timer = self._timers.pop("stuck", None)
        if timer is not None:
            timer.cancel()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is answered in our words, and not logged: aiohttp would log the line, with its token."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is under way already")
        made = error(status, "bad_request" if status < 500 else "internal", "This is no request that can be answered")
        made.headers.update(HEADERS)
        made.force_close()
        return made

    def _after(self, seconds: float, name: str, act: Any) -> None:
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, act)

    def abort(self) -> None:
        """Cut the connection at once."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def _cut_if_silent(self) -> None:
        if self in self._connections.silent:
            self.abort()

    def _cut_if_stuck(self) -> None:
        self._count()
        if self._taken < self._waited * LEAST_BYTES_PER_SECOND:
            self.abort()
            return
        self._waited, self._taken = 0.0, 0
        self._after(STUCK_SECONDS, "stuck", self._cut_if_stuck)

    def _count(self) -> None:
        now, unsent = self._now(), self._unsent()
        self._waited += now - self._paused_at
        self._taken += max(0, self._paused_bytes - unsent)
        self._paused_at, self._paused_bytes = now, unsent

    def _unsent(self) -> int:
        return self.transport.get_write_buffer_size() if isinstance(self.transport, asyncio.Transport) else 0

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


@contextlib.contextmanager
def ended_with_connection(request: web.Request) -> Iterator[None]:
    """Ends the block when the other side hangs up or the server ends: for what would wait, or send, for ever.

    Other requests go on to their end: what was asked for is done, whether somebody waits for the answer or not.
    """
    task, line = asyncio.current_task(), request.protocol
    if task is None or not isinstance(line, Line):
        yield
        return
    line.streaming.add(task)
    try:
        yield
    finally:
        line.streaming.discard(task)


def _files_allowed() -> int:
    """How many files this process may have open: connections must leave some to the database and to TikTok."""
    try:
        import resource
    except ImportError:
        return 2 * _MOST_CONNECTIONS
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return allowed if allowed > 0 else 2 * _MOST_CONNECTIONS
