"""One client's websocket: what it was sent, what it acknowledged, and how it is cut off."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import WSMsgType, web

from tui_live.wire.frames import BrokenFrame, parse_push_frame, push_frame

#: What TikTok offers and TikTokLive asks for.
SUBPROTOCOL = "echo-protocol"


class Connection:
    """A websocket of a room. ``confirm`` is called with the message ids that the client surely has.

    An acknowledgement confirms its frame and, because a socket keeps the order, every frame before it.
    """

    def __init__(
        self,
        ws: web.WebSocketResponse,
        request: web.Request,
        first: Sequence[int],
        confirm: Callable[[Sequence[int]], None],
    ) -> None:
        self._ws = ws
        self._transport = request.transport
        self._first: Sequence[int] = first
        self._confirm = confirm
        self._flying: deque[tuple[int, Sequence[int]]] = deque()
        self.gzip = request.query.get("compress") == "gzip"
        self.entered = False
        self.silent = False
        self.mute = False
        self.acks = self.heartbeats = self.enters = 0
        self.closed = asyncio.Event()

    @property
    def listening(self) -> bool:
        """Whether messages may be sent: the client entered the room and the socket is open and not silenced."""
        return self.entered and not self.silent and not self.closed.is_set() and not self._ws.closed

    @property
    def settled(self) -> bool:
        """Whether nothing is under way: everything sent was acknowledged, or nothing can be any more."""
        return not self._flying or self.closed.is_set()

    async def send(self, frame: bytes, log_id: int = 0, message_ids: Sequence[int] = ()) -> None:
        """Write a frame; waits while the client reads too slowly. A connection that is gone swallows it."""
        if message_ids:
            self._flying.append((log_id, message_ids))
        try:
            await self._ws.send_bytes(frame)
        except ConnectionError:
            self.silent = True

    async def receive(self, changed: Callable[[], None]) -> None:
        """Handle what the client sends until it is gone; ``changed`` is called after each frame."""
        try:
            async for message in self._ws:
                if message.type is WSMsgType.BINARY:
                    await self._handle(message.data)
                    changed()
        finally:
            self.closed.set()

    async def _handle(self, data: bytes) -> None:
        try:
            frame = parse_push_frame(data)
        except BrokenFrame:
            return
        if frame.payload_type == "ack":
            self.acks += 1
            self._enter()
            while self._flying and self._flying[0][0] <= frame.log_id:
                self._confirm(self._flying.popleft()[1])
        elif frame.payload_type == "hb":
            self.heartbeats += 1
            self._enter()
            if not self.mute:
                await self.send(push_frame("hb", b""))
        elif frame.payload_type == "im_enter_room":
            self.enters += 1
            self._enter()

    def _enter(self) -> None:
        if not self.entered:
            self.entered = True
            self._confirm(self._first)

    def cut(self) -> None:
        """End the TCP connection without a close frame."""
        self.silent = True
        if self._transport is not None:
            self._transport.abort()

    async def close(self, code: int = 1000) -> None:
        """Close with a close frame."""
        self.silent = True
        await self._ws.close(code=code)
