"""What every answer says about itself, whoever makes it: above all, what a browser may do with our pages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

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
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Server": "TUI Live",
}
#: Where an origin is not trusted, a browser ignores this, and says so in its console: with the address, and its token.
_TRUSTED = {"Cross-Origin-Opener-Policy": "same-origin"}
_LOOPBACK = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?", re.IGNORECASE)
#: Below are styles, scripts and pictures of pages: the same for everybody, nothing of anybody's.
FILES = "/assets/"
#: Below are clips by the names of their files.
CLIPS = "/video/"


def adding(stand_in: str = "") -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """What puts them on an answer that is about to begin.

    ``stand_in`` is the origin of the stand-in for TikTok: in a rehearsal, pictures come from there, too.
    """
    policy = _POLICY.replace("https: data:", f"https: data: {stand_in}") if stand_in else _POLICY
    headers = {**HEADERS, "Content-Security-Policy": policy}

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        https = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        if https or _LOOPBACK.fullmatch(request.headers.get(hdrs.HOST, "")):
            response.headers.update(_TRUSTED)

    return add
