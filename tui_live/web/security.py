"""Who may ask what (SPEC §7): hosts, origins, the token, and what a browser may do with our pages.

The server is on loopback unless configured otherwise. From elsewhere everything needs the token; every write needs it,
from loopback too, because any web page can make a browser on this machine send one. A foreign ``Host`` is a name that
somebody else's DNS points at us; a foreign ``Origin`` is another page's script.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import socket

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from tui_live.config import Overlay
from tui_live.web.answers import error
from tui_live.web.cors import Cors
from tui_live.web.headers import CLIPS, FILES
from tui_live.web.peers import is_forwarded, is_this_machine

_READS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@\s\\]+)", re.ASCII)
_USUAL = {"http": ":80", "https": ":443"}
_HOW_TO_COME_IN = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TUI Live</title>
<h1>This address is not complete</h1>
<p>From another machine, an address of TUI Live ends with its token. On the machine where TUI Live runs,
<code>tui-live info</code> shows the whole address; in the console, <kbd>O</kbd> copies it.</p>
</html>
"""


class Gate:
    """Lets requests in, or says why not.

    ``settings`` name the address that the server listens on and its further names, ``cors`` answers browsers that ask
    what another page may. ``pages`` are the paths of the pages.
    """

    def __init__(self, settings: Overlay, token: str, cors: Cors | None = None) -> None:
        self.pages: frozenset[str] = frozenset()
        self._token = token.encode()
        self._page_key = hmac.new(self._token, b"pages", "sha256").hexdigest()
        # Cookies know no port: another TUI Live on this machine has a name of its own.
        self._cookie = "tui_live_" + hmac.new(self._token, b"cookie", "sha256").hexdigest()[:12]
        self._always = settings.require_token
        host = settings.host.lower().strip("[]")
        self._names = {name.lower() for name in settings.allowed_hosts} | {"localhost", host} - {"0.0.0.0", "::"}  # noqa: S104
        self._names_elsewhere = self._names | _own_names()
        self._cors = cors or Cors()

    def middleware(self) -> Middleware:
        """What every request passes."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            refusal = self.refusal(request)
            if refusal is None:
                return self._cors.preflight(request) or await handler(request)
            # Whoever is not let in does not keep a connection either.
            refusal.force_close()
            return refusal

        return check

    def let_in(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a page that was asked for with the token a cookie, so that nothing it loads needs the token's address.

        The cookie opens pages, their files and their line (``/ws``), and clips, which their player loads by itself;
        never the API. Other pages' scripts can neither read nor send it.
        """
        if self._has_token(request):
            response.set_cookie(self._cookie, self._page_key, path="/", httponly=True, samesite="Strict")

    def refusal(self, request: web.Request) -> web.Response | None:
        """Why this request is not answered, or nothing."""
        if not self._is_our_name(request):
            return error(421, "foreign_host", "This server is not known under that name")
        if self._cors.preflight(request) is not None:
            return None
        upgrade = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        writes = request.method not in _READS
        foreign = not _same_origin(request) if upgrade or writes else self._reads_for_another_page(request)
        if foreign:
            return error(403, "foreign_origin", "Another page may not ask this")
        if (writes or self._always or not is_local(request)) and not (
            self._has_token(request) or self._is_a_pages_own(request)
        ):
            return self._token_needed(request)
        # A few bytes may become gigabytes: nothing is ever unpacked here.
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() not in ("identity", ""):
            return error(415, "packed_body", "A body is sent as it is, without Content-Encoding")
        return None

    def _token_needed(self, request: web.Request) -> web.Response:
        if self._is_page(request) and "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            return web.Response(text=_HOW_TO_COME_IN, status=401, content_type="text/html", charset="utf-8")
        answer = error(401, "token_needed", "The token is needed: Authorization: Bearer, or ?token=")
        answer.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
        return answer

    def _has_token(self, request: web.Request) -> bool:
        kind, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        token = given.strip() if kind.lower() == "bearer" else request.query.get("token", "")
        return hmac.compare_digest(token.encode("utf-8", "backslashreplace"), self._token)

    def _is_a_pages_own(self, request: web.Request) -> bool:
        """Whether a page that was let in asks for itself again, for one of its files, or for its line."""
        opened = self._is_page(request) or request.path == "/ws" or request.path.startswith((FILES, CLIPS))
        if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) or not opened:
            return False
        given = request.cookies.get(self._cookie, "")
        return hmac.compare_digest(given.encode("utf-8", "backslashreplace"), self._page_key.encode())

    def _is_page(self, request: web.Request) -> bool:
        return (request.path.rstrip("/") or "/") in self.pages

    def _is_our_name(self, request: web.Request) -> bool:
        """An address, or a name that is ours: a foreign name that leads here was made to (DNS rebinding).

        Whoever is on this machine calls it by its loopback: anybody on a local network can answer for other names and
        addresses of it.
        """
        hosts = request.headers.getall(hdrs.HOST, [])
        found = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
        if found is None or int(found["port"] or 0) > 65_535:
            return False
        name = found["name"].strip("[]").removesuffix(".")
        if is_local(request):
            return name in self._names or is_this_machine(name)
        return name in self._names_elsewhere or _is_address(name)

    def _reads_for_another_page(self, request: web.Request) -> bool:
        """Whether a browser reads this for a page of somebody else's that is not allowed to: a link may lead here."""
        site = request.headers.get("Sec-Fetch-Site", "none")
        if site in ("same-origin", "none") or request.headers.get("Sec-Fetch-Mode") == "navigate":
            return False
        return not self._cors.allows(request)


def is_local(request: web.Request) -> bool:
    """Whether the request comes from this machine, and not through a proxy on it."""
    return not is_forwarded(request.headers) and is_this_machine(request.remote or "")


def _same_origin(request: web.Request) -> bool:
    """No ``Origin`` is no browser's page; OBS's own browser sends the page's, which is ours."""
    origins = request.headers.getall(hdrs.ORIGIN, [])
    if not origins:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    found = _ORIGIN.fullmatch(origins[0].lower()) if len(origins) == 1 else None
    if found is None or (found["scheme"] == "https" and not is_forwarded(request.headers)):
        return False  # only a proxy before us speaks TLS
    usual = _USUAL[found["scheme"]]
    host = request.headers.get(hdrs.HOST, "").lower()
    return found["host"].removesuffix(usual) == host.removesuffix(usual)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name.partition('.')[0]}.local", name.partition(".")[0]} - {""}
