"""Connections that are held open without asking or taking anything are cut, and so is one too many."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tui_live.web.answers import error
from tui_live.web.headers import HEADERS

#: Whoever has not sent a whole request after so long never will.
FIRST_REQUEST_SECONDS = 10.0
#: Whoever takes nothing of what is sent for so long is gone, or wants to hold something of ours.
STUCK_SECONDS = 60.0
_MOST_CONNECTIONS = 1_500


class Connections:
    """The connections of one server: aiohttp would wait for ever for a request, and for a reader of an answer."""

    def __init__(self, first_request_seconds: float = FIRST_REQUEST_SECONDS, most: int = 0) -> None:
        self.seconds = first_request_seconds
        self.most = most or min(_MOST_CONNECTIONS, _files_allowed() // 2)
        self.open: set[Line] = set()

    def middleware(self) -> Middleware:
        """Notes who has asked for something."""

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            if isinstance(request.protocol, Line):
                request.protocol.asked = True
            return await handler(request)

        return note

    def end_streams(self) -> None:
        """End what never ends by itself (:func:`ended_with_connection`)."""
        for line in self.open:
            line.end_streams()


class Line(web.RequestHandler):
    """One connection."""

    def __init__(self, connections: Connections, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked = False
        self.streaming: set[asyncio.Task[Any]] = set()
        self._connections = connections
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, unless it is one too many."""
        super().connection_made(transport)
        if len(self._connections.open) >= self._connections.most:
            self._abort()
            return
        self._connections.open.add(self)
        self._after(self._connections.seconds, "first request", self._cut_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Clear up, and end what is being sent."""
        self._connections.open.discard(self)
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
        self._after(STUCK_SECONDS, "stuck", self._abort)

    def resume_writing(self) -> None:
        """It has taken everything."""
        super().resume_writing()
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

    def _cut_if_silent(self) -> None:
        if not self.asked:
            self._abort()

    def _abort(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


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
