"""Who may ask what (SPEC §7): hosts, origins, the token, and what a browser may do with our pages.

The server is on loopback unless configured otherwise. From elsewhere everything needs the token; every write needs it,
from loopback too, because any web page can make a browser on this machine send one. A foreign ``Host`` is a name that
somebody else's DNS points at us; a foreign ``Origin`` is another page's script.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from tui_live.web.answers import error

#: Nothing is loaded or sent anywhere but here; pictures of people come from TikTok's servers.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; media-src 'self';"
    " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_READS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
#: A proxy before us: whoever asks is not on this machine, whatever the address says.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


class Gate:
    """Lets requests in, or says why not. ``host`` is the address that the server listens on."""

    def __init__(self, host: str, token: str) -> None:
        self._token = token.encode()
        self._names = {"localhost", host.lower().strip("[]"), *_own_names()}

    def middleware(self) -> Middleware:
        """What every request passes."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = self.refusal(request) or await handler(request)
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return check

    def refusal(self, request: web.Request) -> web.Response | None:
        """Why this request is not answered, or nothing."""
        if not self._is_our_name(request.headers.get(hdrs.HOST, "")):
            return error(421, "foreign_host", "This server is not known under that name")
        upgrade = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        writes = request.method not in _READS
        if (upgrade or writes) and not _same_origin(request):
            return error(403, "foreign_origin", "Another page may not ask this")
        if (writes or not is_local(request)) and not self._has_token(request):
            answer = error(401, "token_needed", "The token is needed: Authorization: Bearer, or ?token=")
            answer.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
            return answer
        return None

    def _has_token(self, request: web.Request) -> bool:
        kind, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        token = given.strip() if kind.lower() == "bearer" else request.query.get("token", "")
        return hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self._token)

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
    try:
        address = ipaddress.ip_address((request.remote or "").partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _same_origin(request: web.Request) -> bool:
    """No ``Origin`` is no browser's page; OBS's own browser sends the page's, which is ours."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    parts = urlsplit(origin)
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
