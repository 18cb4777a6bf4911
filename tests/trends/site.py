"""A stand-in for www.tiktok.com over HTTPS: its page, its list of trending videos, and every odd answer.

Chromium is led to it by its own arguments, so that nothing of the program differs from life.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.core.videos import item

_CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-days", "3650", "-subj", "/CN=www.tiktok.com"),
)
#: Signs as TikTok's page does, and asks for something once it is loaded: TikTokApi takes its headers from that.
_PAGE = """<!doctype html><title>TikTok</title><body>for you<script>
window.byted_acrawler = {frontierSign: url => ({"X-Bogus": "signed" + url.length})};
if (!document.cookie.includes("msToken=")) document.cookie = "msToken=of-the-page; path=/";
addEventListener("load", () => setTimeout(() => fetch("/poll?robot=" + navigator.webdriver), 0));
%s
</script>"""
_NEVER_IDLE = "setInterval(() => fetch('/poll?' + Math.random()), 40);"
#: Downloads, opens windows and registers a worker; says so once that is done and no window is open any more.
_GREEDY = """
if (location.search === "") {
  const opened = [1, 2, 3].map(each => open("/?" + each));
  const asked = navigator.serviceWorker.register("/worker.js").catch(() => 0);
  let downloads = 0;
  setInterval(() => {
    const file = new Blob([new Uint8Array(1e6)]);
    const link = Object.assign(document.createElement("a"), {href: URL.createObjectURL(file), download: "big"});
    link.click();
    downloads += 1;
    if (downloads > 5 && opened.every(each => each === null || each.closed)) asked.then(() => fetch("/poll?tamed=1"));
  }, 30);
}
"""
_CAPTCHA = "<!doctype html><title>Verify</title><body>Drag the slider<script>onload = () => fetch('/poll')</script>"
_TEXT = "Access Denied"

Answer = Callable[[web.Request], Any]


def videos(*items: object, more: bool = False, **others: object) -> Answer:
    """A proper page of videos."""
    body = {"statusCode": 0, "status_code": 0, "itemList": list(items), "hasMore": more} | others
    return text(json.dumps(body), "application/json")


def text(body: str, content_type: str = "text/plain", status: int = 200, **headers: str) -> Answer:
    """An answer with this body."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type, status=status, headers=headers)

    return answer


def fresh(count: int, minutes: float = 10, *, first: int = 1, **more: Any) -> list[dict[str, Any]]:
    """Items posted so long before this moment."""
    now_ms = time.time_ns() // 1_000_000
    return [item(number, minutes, now_ms=now_ms, **more) for number in range(first, first + count)]


class Site:
    """The stand-in. ``answers`` are given one after another, the last one from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = 0
        self.page = "good"
        self.answers: Sequence[Answer] = ()
        self.requests: list[web.Request] = []
        self.opened = 0
        self.says_robot = ""
        self.asked = asyncio.Event()
        self._release = asyncio.Event()

    async def start(self) -> None:
        """Serve on a free port."""
        key, certificate = self._folder / "key.pem", self._folder / "certificate.pem"
        command = [*_CERTIFICATE, "-keyout", str(key), "-out", str(certificate)]
        await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(certificate, key)
        app = web.Application()
        app.router.add_get("/api/recommend/item_list/", self._list)
        app.router.add_get("/poll", self._poll)
        app.router.add_get("/{rest:.*}", self._page)
        self._runner = web.AppRunner(app, keepalive_timeout=1, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=secure)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Serve no more; what hangs is let go."""
        self._release.set()
        await self._runner.cleanup()

    def plays(self, *answers: Answer, page: str = "good") -> None:
        """What it does from now on."""
        self.page, self.answers, self.requests, self.opened = page, answers, [], 0
        self._next = itertools.chain(answers, itertools.repeat(answers[-1]) if answers else ())
        self._release.set()
        self._release = asyncio.Event()
        self.asked = asyncio.Event()
        self.tamed = asyncio.Event()
        self.strayed: list[str] = []

    @property
    def browser_args(self) -> tuple[str, ...]:
        """What leads Chromium here, and nowhere else."""
        rules = f"MAP www.tiktok.com 127.0.0.1:{self.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        return (f"--host-resolver-rules={rules}", "--ignore-certificate-errors")

    async def hang(self, request: web.Request) -> web.Response:
        """An answer that never comes."""
        await self._release.wait()
        return web.Response()

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.asked.set()
        response: web.StreamResponse = await next(self._next)(request)
        return response

    async def _poll(self, request: web.Request) -> web.Response:
        if "tamed" in request.query:
            self.tamed.set()
        self.says_robot = request.query.get("robot", self.says_robot)
        return web.json_response({})

    async def _page(self, request: web.Request) -> web.Response:
        if request.path != "/":
            self.strayed.append(request.path)
            return web.Response(status=404)
        self.opened += 1
        if self.page == "hang":
            return await self.hang(request)
        if self.page in ("429", "403", "503"):
            return web.Response(text=_TEXT, status=int(self.page), headers={"Retry-After": "120"})
        if self.page == "captcha":
            return web.Response(text=_CAPTCHA, content_type="text/html")
        extra = {"good": "", "never idle": _NEVER_IDLE, "greedy": _GREEDY}[self.page]
        return web.Response(text=_PAGE % extra, content_type="text/html")
