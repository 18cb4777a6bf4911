"""Other pages' scripts that may read the API (CORS): off, unless origins are configured.

Only what is read, only under the API, only to those very origins, and without cookies. Whatever the token is needed for
stays so: a browser sends it only where the script has it.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import hdrs, web

READS = ("GET", "HEAD")
_PATHS = ("/api/", "/metrics")
_PREFLIGHT = {
    hdrs.ACCESS_CONTROL_ALLOW_METHODS: ", ".join(READS),
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Authorization, Last-Event-ID",
    hdrs.ACCESS_CONTROL_MAX_AGE: "600",
}


class Cors:
    """``origins`` as browsers send them (:class:`~tui_live.config.rules.Origin`)."""

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = frozenset(origins)

    def preflight(self, request: web.Request) -> web.Response | None:
        """The answer to a browser that asks before it asks; ``None`` where it is none, or may not.

        It carries no token, and learns nothing but that this origin may read.
        """
        wanted = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD, "")
        if request.method != hdrs.METH_OPTIONS or wanted not in READS or not self.allows(request):
            return None
        return web.Response(status=204, headers=_PREFLIGHT)

    async def mark(self, request: web.Request, response: web.StreamResponse) -> None:
        """Say on an answer that is about to begin who may read it: also errors, so that a script can tell them."""
        if not self._origins or not request.path.startswith(_PATHS):
            return
        # Whoever keeps answers must not give one origin's to another.
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if request.method in (*READS, hdrs.METH_OPTIONS) and self.allows(request):
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = request.headers[hdrs.ORIGIN]

    def allows(self, request: web.Request) -> bool:
        """Whether another page, one that is listed, may read this."""
        return request.path.startswith(_PATHS) and request.headers.get(hdrs.ORIGIN) in self._origins
