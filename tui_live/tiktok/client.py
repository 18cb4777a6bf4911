"""TikTokLive's client with our decoding: it signs, connects and keeps the connection; frames come to us unparsed.

The one module that subclasses TikTokLive. Importing it imports TikTokLive, which takes seconds:
:mod:`tui_live.tiktok.connection` does so in a thread, when the first stream is to start.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from typing import Any

import httpx
from TikTokLive import TikTokLiveClient
from TikTokLive.client.web.routes.fetch_room_info import FetchRoomInfoRoute
from TikTokLive.client.web.web_settings import WebDefaults
from TikTokLive.client.ws.ws_client import WebcastWSClient
from TikTokLive.client.ws.ws_connect import WebcastConnect, WebcastProxyConnect
from TikTokLive.client.ws.ws_utils import extract_websocket_options
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from tui_live.config import TikTok
from tui_live.logs import tame_tiktoklive
from tui_live.tiktok.bounded import BoundedTransport, ask_for_gzip, bound
from tui_live.tiktok.decode import build_readers
from tui_live.tiktok.refusals import RateLimited, Refused, Restricted
from tui_live.wire.frames import BrokenFrame, Frame, no_batch, parse_push_frame, push_frame, received
from tui_live.wire.schema import text

log = logging.getLogger(__name__)
tame_tiktoklive()

#: Called with each frame; the socket is read on when it returns.
OnFrame = Callable[[Frame], Awaitable[None]]

#: ``status_code`` of ``/room/info/`` for a room that only grown-ups may see.
_AGE_RESTRICTED = 4003110
#: TikTok's batches stay far below; websockets' own limit of 1 MiB would cut a busy room's history.
_MAX_FRAME_BYTES = 16 * 1024 * 1024
#: Others get a turn after a frame that took so long; most take less than a millisecond.
_LONG_SECONDS = 0.01


class FrameReader:
    """Yields (push frame, :class:`Frame`) where TikTokLive's own iterator yields betterproto2 messages."""

    async def __aiter__(self: Any) -> AsyncIterator[tuple[Any, Any]]:
        try:
            async with self as protocol:
                self._ws = protocol
                self._ws_options = extract_websocket_options(protocol.response_headers)
                yield None, self._initial_response
                async for data in protocol:
                    began = time.monotonic()
                    found = _read(data if isinstance(data, bytes) else data.encode())
                    if found is not None:
                        yield found  # the frame is decoded and handed on meanwhile
                    if time.monotonic() - began > _LONG_SECONDS:
                        await asyncio.sleep(0)  # while frames are waiting, the socket gives nobody else a turn
        except InvalidStatusCode as refusal:
            reason = refusal.headers.get("Handshake-Msg", "")
            raise Refused(refusal.status_code, reason) from refusal
        finally:
            self._ws = None
            self._ws_options = None


def _read(data: bytes) -> tuple[Any, Frame] | None:
    """The frame in one websocket message; ``None`` for transport-level frames (``hb``, ``ack``, …)."""
    try:
        push = parse_push_frame(data)
    except BrokenFrame as broken:
        return None, Frame(no_batch(data, str(broken)))
    payload_type = text(push.payload_type)
    if payload_type == "msg":
        return push, received(push.payload)
    if payload_type:
        return None
    return None, Frame(no_batch(data, "a push frame without a type"))


class DirectReader(FrameReader, WebcastConnect):  # type: ignore[misc]
    """Reads frames over a direct connection."""


class ProxyReader(FrameReader, WebcastProxyConnect):  # type: ignore[misc]
    """Reads frames through a proxy."""


class FrameSocket(WebcastWSClient):  # type: ignore[misc]
    """TikTokLive's websocket with our reader, and acknowledgements built without betterproto2.

    TikTokLive stops reading as soon as the socket is closed, and loses what has arrived but is not read yet: often the
    end of a stream. Here a socket counts as connected until its last frame is taken.
    """

    def __init__(self, ws_kwargs: dict[str, Any], ws_proxy: httpx.Proxy | None) -> None:
        super().__init__(ws_kwargs=ws_kwargs, ws_proxy=ws_proxy)
        self._connect_generator_class = ProxyReader if ws_proxy else DirectReader

    @property
    def connected(self) -> bool:
        """Whether the socket is open, or closed with frames still to be read."""
        return bool(self.ws and (self.ws.open or self.ws.messages))

    async def send(self, message: Any) -> None:
        """Send unless the socket is closed already."""
        if self.ws and self.ws.open:
            with contextlib.suppress(ConnectionClosed):
                await super().send(message)

    async def send_ack(self, webcast_response: Frame, webcast_push_frame: Any) -> None:
        """Acknowledge a frame the way TikTokLive does."""
        await self.send(push_frame("ack", (webcast_response.internal_ext or "-").encode(), webcast_push_frame.log_id))


class CourteousRoomInfo(FetchRoomInfoRoute):  # type: ignore[misc]
    """Room info is a courtesy of TikTok's: without it the room is watched all the same; only a restriction stops us."""

    async def __call__(self, room_id: int | None = None, unique_id: str | None = None) -> dict[str, Any]:
        """What TikTok tells of the room, or nothing. Raises :class:`Restricted`."""
        url = WebDefaults.tiktok_webcast_url + "/room/info/"
        try:
            response = await self._web.get(url=url, extra_params={"room_id": room_id or self._web.params["room_id"]})
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            log.info("no room info: %r", error)
            return {}
        data = answer.get("data") if isinstance(answer, dict) else None
        data = data if isinstance(data, dict) else {}
        if data.get("prompts") or (isinstance(answer, dict) and answer.get("status_code") == _AGE_RESTRICTED):
            raise Restricted(str(data.get("prompts") or data.get("message") or ""))
        return data


class Client(TikTokLiveClient):  # type: ignore[misc]
    """One connection's client. ``first_payload`` is the sign server's answer, which carries messages too."""

    def __init__(
        self, name: str, settings: TikTok, on_frame: OnFrame, before_signing: Callable[[], Awaitable[None]]
    ) -> None:
        proxy = httpx.Proxy(settings.proxy) if settings.proxy else None
        super().__init__(
            unique_id=name,
            web_kwargs={
                "httpx_kwargs": {"transport": BoundedTransport(verify=_ssl_context(), proxy=proxy)},
                "signer_kwargs": {"sign_api_key": settings.sign_api_key, "sign_api_base": WebDefaults.tiktok_sign_url},
            },
        )
        self._ws = FrameSocket({"max_size": _MAX_FRAME_BYTES, "close_timeout": 1}, proxy)
        self._web.fetch_room_info = CourteousRoomInfo(self._web)
        if settings.session_id:
            self._web.set_session(settings.session_id, settings.target_idc)
        self._signing = self._web.signer.sdk_client.get_async_httpx_client()
        self._signing.event_hooks = {"request": [self._sign], "response": [self._signed]}
        self._on_frame = on_frame
        self._before_signing = before_signing
        self.first_payload = b""

    async def _sign(self, request: httpx.Request) -> None:
        ask_for_gzip(request)
        await self._before_signing()

    async def _signed(self, response: httpx.Response) -> None:
        """Keep the sign server's answer as it came, and read its rate limit, which TikTokLive misreads (FACTS)."""
        bound(response)
        body = await response.aread()
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            headers = response.headers
            reset = headers.get("RateLimit-Reset") or headers.get("X-RateLimit-Reset")
            raise RateLimited(reset, headers.get("Retry-After"))
        if response.is_success:
            self.first_payload = body

    async def _parse_webcast_response(self, webcast_response: Any) -> AsyncIterator[Any]:
        """TikTokLive's one way from a response to events: hand the frame over, emit nothing."""
        is_frame = isinstance(webcast_response, Frame)
        await self._on_frame(webcast_response if is_frame else received(self.first_payload or bytes(webcast_response)))
        nothing: tuple[Any, ...] = ()
        for event in nothing:
            yield event

    def abort(self) -> None:
        """Drop the websocket without a farewell."""
        socket = self._ws.ws
        if socket is not None and socket.transport is not None:
            socket.transport.abort()

    async def hang_up(self) -> None:
        """Close the websocket and both HTTP clients. (TikTokLive's ``close()`` cancels every task of the loop.)"""
        self.remove_all_listeners()
        ping_loop = self._ws._ping_loop
        if ping_loop is not None:
            ping_loop.cancel()
        for closing in (self._ws.disconnect, self._web.close, self._signing.aclose):
            with contextlib.suppress(OSError, RuntimeError, httpx.HTTPError):
                await closing()


def warm_up() -> None:
    """Build the classes of all messages and read the certificates, so that no first frame waits for it."""
    _ssl_context()
    push_frame("hb", b"")
    Frame(b"")
    build_readers()


def use_hosts(settings: TikTok) -> None:
    """Point TikTokLive at the configured hosts, or back at its own; they are process-wide there."""
    own = _own_hosts()
    WebDefaults.tiktok_app_url = (settings.web_url or own[0]).rstrip("/")
    WebDefaults.tiktok_webcast_url = (settings.webcast_url or own[1]).rstrip("/")
    WebDefaults.tiktok_sign_url = (settings.sign_url or own[2]).rstrip("/")


@cache
def _own_hosts() -> tuple[str, str, str]:
    defaults = type(WebDefaults)()
    return defaults.tiktok_app_url, defaults.tiktok_webcast_url, defaults.tiktok_sign_url


@cache
def _ssl_context() -> ssl.SSLContext:
    """One for all clients: reading the certificate store takes tens of milliseconds."""
    return ssl.create_default_context()
