"""Who may ask what (SPEC §7): hosts, origins, the token, and what a browser may do with our pages.

The server is on loopback unless configured otherwise. From elsewhere everything needs the token; every write needs it,
from loopback too, because any web page can make a browser on this machine send one. A foreign ``Host`` is a name that
somebody else's DNS points at us; a foreign ``Origin`` is another page's script.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from tui_live.web.answers import error
from tui_live.web.cors import Cors
from tui_live.web.headers import FILES
from tui_live.web.peers import is_this_machine

_COOKIE = "tui_live_files"
_READS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
#: A proxy before us: whoever asks is not on this machine, whatever the address says.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


class Gate:
    """Lets requests in, or says why not.

    ``host`` is the address that the server listens on, ``names`` are its further names, ``cors`` answers browsers that
    ask what another page may.
    """

    def __init__(self, host: str, token: str, names: Iterable[str] = (), cors: Cors | None = None) -> None:
        self._token = token.encode()
        self._file_key = hmac.new(self._token, b"files", "sha256").hexdigest()
        self._names = {"localhost", host.lower().strip("[]"), *_own_names()}
        self._names |= {name.lower() for name in names}
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
        """Give a page that was asked for with the token a cookie for its own files, whose addresses carry none.

        The cookie opens nothing but files; other pages' scripts can neither read nor send it.
        """
        if self._has_token(request):
            response.set_cookie(_COOKIE, self._file_key, path="/", httponly=True, samesite="Strict")

    def refusal(self, request: web.Request) -> web.Response | None:
        """Why this request is not answered, or nothing."""
        if not self._is_our_name(request.headers.get(hdrs.HOST, "")):
            return error(421, "foreign_host", "This server is not known under that name")
        if self._cors.preflight(request) is not None:
            return None
        upgrade = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        writes = request.method not in _READS
        if (upgrade or writes) and not _same_origin(request):
            return error(403, "foreign_origin", "Another page may not ask this")
        if (writes or not is_local(request)) and not (self._has_token(request) or self._asks_for_file(request)):
            answer = error(401, "token_needed", "The token is needed: Authorization: Bearer, or ?token=")
            answer.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
            return answer
        # A few bytes may become gigabytes: nothing is ever unpacked here.
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() not in ("identity", ""):
            return error(415, "packed_body", "A body is sent as it is, without Content-Encoding")
        return None

    def _has_token(self, request: web.Request) -> bool:
        kind, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        token = given.strip() if kind.lower() == "bearer" else request.query.get("token", "")
        return hmac.compare_digest(token.encode("utf-8", "backslashreplace"), self._token)

    def _asks_for_file(self, request: web.Request) -> bool:
        """Whether a page that was let in asks for one of its files."""
        if request.method != hdrs.METH_GET or not request.path.startswith(FILES):
            return False
        given = request.cookies.get(_COOKIE, "")
        return hmac.compare_digest(given.encode("utf-8", "backslashreplace"), self._file_key.encode())

    def _is_our_name(self, host: str) -> bool:
        """An address, or a name that is ours: a foreign name that leads here was made to (DNS rebinding)."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self._names or _is_address(name)


def is_local(request: web.Request) -> bool:
    """Whether the request comes from this machine, and not through a proxy on it."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return is_this_machine(request.remote or "")


def _same_origin(request: web.Request) -> bool:
    """No ``Origin`` is no browser's page; OBS's own browser sends the page's, which is ours."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == request.headers.get(hdrs.HOST, "").lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name.partition('.')[0]}.local", name.partition(".")[0]} - {""}
