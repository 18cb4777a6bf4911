"""A stand-in for the server: gives out the pages with the real headers, and says what a test wants said."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import WSMsgType, web
from playwright.async_api import Page

from tui_live.web.headers import HEADERS
from tui_live.web.protocol import Card, Hello, Message
from tui_live.web.site import Site

PAGES = Path(__file__).resolve().parents[2] / "tui_live" / "web" / "pages"
#: Where pages are.
ROUTES = ("/", "/overlay", "/question", "/goal", "/alerts", "/sessions", "/docs")
_FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#345" d="M0 0h8v8H0z"/>'
    '<circle cx="4" cy="3" r="1.700" fill="#fc9"/><path d="M1 8a3 3 0 0 1 6 0" fill="#c53"/></svg>'
)


class PageStand:
    """Serves on a free port of its own; the same port again after a stop.

    ``opening`` is said to every page that connects, after the hello; ``answers`` are the JSON answers of the API.
    """

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.port = 0
        self.opening: list[Message] = []
        self.answers: dict[str, Any] = {}
        self.beats: list[Any] = []
        self.asked: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.came = asyncio.Condition()
        self._site = Site()
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        for address in ROUTES:
            app.router.add_get(address, self._page)
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/picture/{name}", self._picture)
        app.router.add_get("/api/{rest:.*}", self._answer)
        app.router.add_static("/assets/", PAGES / "assets")
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """As if killed: nobody is told anything."""
        for socket in list(self._sockets):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def send(self, *messages: Message) -> None:
        """To every page that is connected."""
        for message in messages:
            text = msgspec.json.encode(message).decode()
            for socket in list(self._sockets):
                await socket.send_str(text)

    async def send_text(self, text: str) -> None:
        for socket in list(self._sockets):
            await socket.send_str(text)

    async def connected(self, count: int = 1) -> None:
        """Returns when so many pages are connected."""
        async with self.came, asyncio.timeout(10):
            await self.came.wait_for(lambda: len(self._sockets) >= count)

    async def _page(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        response = await self._site.serve(request)
        assert isinstance(response, web.Response) and isinstance(response.body, bytes)
        response.body = response.body.replace(self._site.version.encode(), self.version.encode())
        response.headers.update(HEADERS)
        return response

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.asked.append(dict(request.query))
        for message in (Hello(self.version, request.query.get("stream")), *self.opening):
            await socket.send_str(msgspec.json.encode(message).decode())
        async with self.came:
            self._sockets.add(socket)
            self.came.notify_all()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    async with self.came:
                        self.beats.append(msgspec.json.decode(message.data))
                        self.came.notify_all()
        finally:
            self._sockets.discard(socket)
        return socket

    async def _picture(self, request: web.Request) -> web.Response:
        if request.match_info["name"] == "dead":
            raise web.HTTPNotFound
        self.headers.append(dict(request.headers))
        return web.Response(text=_FACE, content_type="image/svg+xml")

    async def _answer(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        answer = self.answers.get(request.path_qs, self.answers.get(request.path))
        if answer is None:
            return web.json_response({"error": {"code": "not_found", "message": "There is no such thing"}}, status=404)
        return web.json_response(answer)


def card(identity: str, name: str, score: int, avatar: str = "", *, winner: bool = False) -> Card:
    """A line of the leaderboard."""
    return Card(id=identity, name=name, avatar=avatar, score=score, winner=winner)


async def until(page: Page, condition: str, seconds: float = 10) -> None:
    """Returns in the frame in which a JavaScript expression becomes true.

    Playwright's own ``wait_for_function`` compiles text in the page, which the pages' policy forbids.
    """
    wait = f"""new Promise((done) => {{
        const look = () => (({condition}) ? done() : requestAnimationFrame(look));
        look();
    }})"""
    async with asyncio.timeout(seconds):
        await page.evaluate(wait)
