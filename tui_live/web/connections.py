"""Connections that somebody holds open without asking for anything are cut, and so is one too many."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

#: Whoever has not sent a whole request after so long never will.
FIRST_REQUEST_SECONDS = 10.0
_MOST_CONNECTIONS = 1_500


class Connections:
    """Watches the connections of one server: aiohttp waits for the first request for ever."""

    def __init__(self, seconds: float = FIRST_REQUEST_SECONDS) -> None:
        self._seconds = seconds
        self._open: WeakSet[asyncio.Transport] = WeakSet()
        self._asked: WeakSet[asyncio.Transport] = WeakSet()

    def watch(self, server: web.Server) -> None:
        """Look at every connection that is made from now on."""
        note = server.connection_made

        def made(handler: Any, transport: asyncio.Transport) -> None:
            note(handler, transport)
            if len(self._open) >= _MOST_CONNECTIONS:
                transport.abort()
                return
            self._open.add(transport)
            asyncio.get_running_loop().call_later(self._seconds, self._cut_if_silent, transport)

        server.connection_made = made  # type: ignore[method-assign]

    def middleware(self) -> Middleware:
        """Notes who has asked for something."""

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            if isinstance(request.transport, asyncio.Transport):
                self._asked.add(request.transport)
            return await handler(request)

        return note

    def _cut_if_silent(self, transport: asyncio.Transport) -> None:
        if transport not in self._asked:
            transport.abort()
