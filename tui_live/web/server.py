"""The web server: one port for overlays, API and pages (SPEC §7)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import sqlite3
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from tui_live.config import Overlay
from tui_live.errors import ConfigError, MissingError, StoreError, TuiLiveError, WebError
from tui_live.web.analyses import Analyses
from tui_live.web.answers import MOST_BODY, Refused, answer, error
from tui_live.web.api import ROUTES, document
from tui_live.web.clips import Clips
from tui_live.web.connections import Connections, Line
from tui_live.web.cors import Cors
from tui_live.web.headers import adding
from tui_live.web.hub import PAGES, Hub, PageView, Subscription
from tui_live.web.live import Live
from tui_live.web.past import Past
from tui_live.web.security import Gate
from tui_live.web.site import Site
from tui_live.web.source import Source
from tui_live.web.trends import Trends
from tui_live.web.video import Video

log = logging.getLogger(__name__)

_KEEP_ALIVE_SECONDS = 30.0
#: What is still under way when the server ends has so long to come to its end.
_SHUTDOWN_SECONDS = 2.0
#: A port that is in use is tried again after so long.
_RETRY_SECONDS = 10.0


class WebServer:
    """Serves ``source`` on the configured address. ``trouble`` is one line while it cannot, else empty.

    ``stand_in`` is the origin of the stand-in for TikTok in a rehearsal: the pages may show its pictures.
    """

    def __init__(self, source: Source, settings: Overlay, token: str, stand_in: str = "") -> None:
        self.trouble = ""
        self._settings = settings
        self._cors = Cors(settings.allowed_origins)
        self._gate = Gate(settings, token, self._cors)
        self._stand_in = stand_in
        self._site = Site(settings.background, self._gate.let_in, stand_in)
        self._gate.pages = frozenset(self._site.pages)
        self.hub = Hub(source, self._site.version, stand_in)
        self._source = source
        self._token = token
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._connections = Connections()
        self._openapi = document()

    @property
    def port(self) -> int:
        """The port that is listened on; 0 while there is none."""
        sockets = self._server.sockets if self._server is not None else ()
        return int(sockets[0].getsockname()[1]) if sockets else 0

    @property
    def address(self) -> str:
        """The start page's address, without the token."""
        return page_addresses(self._settings, self._token)["start"].partition("?")[0]

    def pages(self) -> list[PageView]:
        """The overlay pages that are connected."""
        return self.hub.pages()

    def addresses(self) -> dict[str, str]:
        """The overlays' addresses by page, with the token where one is needed: for OBS's browser sources."""
        return page_addresses(self._settings, self._token)

    def clip_address(self, number: int) -> str:
        """The page that plays a clip, by its number in the ledger."""
        start, _, query = self.addresses()["start"].partition("?")
        return f"{start}replays/{'?' + query if query else ''}#{number}"

    async def run(self, *, patient: bool = True) -> None:
        """Listen until cancelled. A port in use is said and tried again; nothing else waits for it.

        Raises :class:`WebError` for it when it is not to be waited for.
        """
        ticking = asyncio.create_task(self.hub.run(), name="overlay hub")
        try:
            while True:
                try:
                    await self.start()
                    await asyncio.Event().wait()
                except WebError as problem:
                    if not patient:
                        raise
                    if self.trouble != str(problem):
                        log.error("%s", problem)
                    self.trouble = str(problem)
                    await asyncio.sleep(_RETRY_SECONDS)
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
            await self.close()

    async def start(self) -> None:
        """Listen from now on. Raises :class:`WebError` when the port cannot be had."""
        runner = web.AppRunner(self._application(), shutdown_timeout=_SHUTDOWN_SECONDS)
        await runner.setup()
        manager = runner.server
        assert manager is not None
        loop = asyncio.get_running_loop()

        def line() -> Line:
            # Nothing is logged of requests: addresses carry the token.
            # Nothing is unpacked, and nothing more is read of whoever was answered: a few refused kilobytes would
            # become gigabytes.
            return Line(
                self._connections,
                manager,
                loop=loop,
                access_log=None,
                keepalive_timeout=_KEEP_ALIVE_SECONDS,
                auto_decompress=False,
                lingering_time=0,
            )

        host, port = self._settings.host, self._settings.port
        try:
            self._server = await loop.create_server(line, host, port)
        except (OSError, UnicodeError) as problem:
            await runner.cleanup()
            raise _cannot_listen(host, port, problem) from problem
        self._runner = runner
        if self.trouble:
            log.info("overlays are served on port %d now", self.port)
        self.trouble = ""

    async def close(self) -> None:
        """Stop listening and say goodbye."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._connections.end_streams()
        await self.hub.close()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    # Inside

    def _application(self) -> web.Application:
        application = web.Application(
            client_max_size=MOST_BODY,
            middlewares=[_errors, self._gate.middleware(), self._connections.middleware()],
        )
        application.on_response_prepare.append(adding(self._stand_in))
        application.on_response_prepare.append(self._cors.mark)
        video = Video(self._source.clips)
        application.on_cleanup.append(video.cleanup)
        handlers: dict[str, Any] = {
            "live": Live(self._source, self.hub, self._site.version, self._stand_in),
            "past": Past(self._source.archive),
            "clips": Clips(self._source, video),
            "analyses": Analyses(self._source),
            "trends": Trends(self._source),
            "video": video,
        }
        later: dict[str, Any] = {"expect_handler": _body_later}
        for route in ROUTES:
            room, _, name = route.handler.partition(".")
            handler = _strict(getattr(handlers[room], name), route.known)
            # Without a pattern, braces are none of what a name may have.
            path = route.path.replace("{name}", "{name:[^/]+}")
            application.router.add_route(route.method, path, handler, **later)
            if route.method == hdrs.METH_GET:
                application.router.add_route(hdrs.METH_HEAD, path, handler, **later)
        application.router.add_get("/api/openapi.json", self._document, **later)
        application.router.add_get("/ws", self._socket, allow_head=False, **later)
        application.router.add_route("*", "/api/{rest:.*}", _no_such_call, **later)
        application.router.add_get("/{name:.*}", self._site.serve, **later)
        application.router.add_route("*", "/{name:.*}", _only_read, **later)
        return application

    async def _document(self, _request: web.Request) -> web.Response:
        return answer(self._openapi)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        page = request.query.get("page", "")
        if page not in PAGES:
            raise Refused(400, "bad_parameter", f"page is one of {', '.join(PAGES)}")
        stream = request.query.get("stream", "").strip().removeprefix("@").lower()[:200] or None
        subscription = Subscription(page, stream, self._places(request) if page == "overlay" else 0)
        return await self.hub.serve(request, subscription)

    def _places(self, request: web.Request) -> int:
        """How many places are asked for: ``top``, or ``count``, which says the same."""
        given = [request.query.get(name, "") for name in ("top", "count")]
        wanted = [int(text) for text in given if text.isascii() and text.isdecimal() and len(text) < 4 and int(text)]
        return max(1, min(next(iter(wanted), self._settings.top), 100))


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What went wrong, as JSON under ``/api`` and in words elsewhere; never a traceback."""
    try:
        return await handler(request)
    except Refused as refused:
        return error(refused.status, refused.code, refused.message)
    except TuiLiveError as problem:
        status, code = _status(problem)
        return error(status, code, str(problem))
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        said, more = problem.text or problem.reason, {}
        if isinstance(problem, web.HTTPMethodNotAllowed):
            more = {hdrs.ALLOW: ", ".join(sorted(problem.allowed_methods))}
            said = f"{request.method} is not for {request.path}: it takes {more[hdrs.ALLOW]}"
        made = error(problem.status, problem.reason.lower().replace(" ", "_"), said)
        made.headers.update(more)
        return made
    except (ConnectionError, asyncio.CancelledError):
        raise
    except sqlite3.Error as problem:
        log.exception("%s %s failed", request.method, request.path)
        return error(503, "database", f"The database cannot be read: {problem}")
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return error(500, "internal", "Something went wrong here; the log file says more")


def _status(problem: TuiLiveError) -> tuple[int, str]:
    """Status and code of what could not be done."""
    if isinstance(problem, MissingError):
        return 404, "not_found"
    if isinstance(problem, ConfigError):
        return 422, "bad_value"
    if isinstance(problem, StoreError):
        return 503, "database"
    return 409, "not_possible"


def _strict(handler: Handler, known: frozenset[str]) -> Handler:
    """Refuses what is misspelt in the query: whoever asks for ``typ=gift`` does not want everything."""

    async def checked(request: web.Request) -> web.StreamResponse:
        unknown = sorted(set(request.query) - known)
        if unknown:
            there = ", ".join(sorted(known - {"token"})) or "none"
            raise Refused(400, "bad_parameter", f"There is no parameter {unknown[0][:40]!r} here; there are: {there}")
        return await handler(request)

    return checked


async def _body_later(_request: web.Request) -> None:
    """Nobody is told to go on with a body before the gate has let them in: it is asked for where it is read."""


async def _only_read(request: web.Request) -> web.Response:
    """Pages and their files are read, and nothing else."""
    raise web.HTTPMethodNotAllowed(request.method, (hdrs.METH_GET, hdrs.METH_HEAD))


async def _no_such_call(request: web.Request) -> web.Response:
    """There is nothing under this path, or something else is to be done with it."""
    allowed: set[str] = set()
    for resource in request.app.router.resources():
        if resource is not request.match_info.route.resource and "/api" in resource.canonical:
            allowed |= (await resource.resolve(request))[1]
    if allowed:
        raise web.HTTPMethodNotAllowed(request.method, allowed)
    return error(404, "not_found", f"There is no {request.path}; see /api/openapi.json")


def page_addresses(settings: Overlay, token: str) -> dict[str, str]:
    """The overlays' addresses by page; with the token unless they are reached from this machine only."""
    local = settings.host in ("localhost", "127.0.0.1", "::1") and not settings.require_token
    host = _own_address() if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    shown = f"[{host}]" if ":" in host else host
    query = "" if local else f"?token={token}"
    names = ("", *PAGES, "sessions", "docs")
    return {name or "start": f"http://{shown}:{settings.port}/{name}{query}" for name in names}


def _own_address() -> str:
    """The address by which others reach this machine: names of machines are often known to nobody else."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing: only the route is looked up
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _cannot_listen(host: str, port: int, problem: OSError | UnicodeError) -> WebError:
    if isinstance(problem, UnicodeError):
        return WebError(f"Overlays cannot be served: {host!r} is no name of a host", "set overlay.host")
    if problem.errno == errno.EADDRINUSE:
        return WebError(
            f"Overlays cannot be served: port {port} is in use", "set overlay.port, or end the other program"
        )
    if problem.errno in (errno.EACCES, errno.EPERM):
        return WebError(f"Overlays cannot be served: port {port} may not be used", "set overlay.port to 1024 or more")
    return WebError(f"Overlays cannot be served on {host}:{port}: {problem.strerror or problem}", "set overlay.host")
