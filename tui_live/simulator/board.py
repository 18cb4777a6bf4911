"""The stand-in's own pages: what it plays, the truth, pictures, and the switch for faults."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec
from aiohttp import web

from tui_live.simulator import catalogue
from tui_live.simulator.faults import AnyFault
from tui_live.simulator.pictures import face, picture
from tui_live.simulator.scenario import SCENARIOS

if TYPE_CHECKING:
    from tui_live.simulator.server import Simulator

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>TUI Live · stand-in for TikTok</title><style>
:root {{ color-scheme: light dark; }} body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
max-width: 70rem; padding: 0 1rem; }} table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: right; padding: .3rem .7rem;
border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums; }} th:nth-child(-n+3), td:nth-child(-n+3)
{{ text-align: left; }} .live {{ color: #d6336c; font-weight: 600; }} code {{ font-size: .9em; }}
dl {{ columns: 3 18rem; }} dt {{ font-weight: 600; }} dt {{ break-after: avoid; }}
dd {{ margin: 0 0 .4rem; break-inside: avoid; opacity: .8; }}
</style></head><body><h1>Stand-in for TikTok</h1>
<p>Put these under <code>tiktok:</code> in <code>config.yaml</code>: <code>web_url: {url}</code>,
<code>webcast_url: {url}/webcast</code>, <code>sign_url: {url}</code>.</p>
<table><tr><th>stream</th><th>state</th><th>scenario</th><th>clients</th><th>messages</th><th>coins</th><th>likes</th>
<th>repeated</th><th>in doubt</th><th>missed</th></tr>{rows}</table>
<h2>Names to rehearse with</h2><p>Any other name is {default}.</p><dl>{names}</dl></body></html>"""


class BoardRoutes:
    """The handlers of ``/``, ``/truth``, ``/control/{user}`` and the pictures."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [
            web.get("/", self.index),
            web.get("/truth", self.truths),
            web.get("/truth/{user}", self.truth),
            web.post("/control/{user}", self.control),
            web.get("/avatar/{name}", self.avatar),
            web.get("/gift/{name}", self.gift),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """A page for people: every stream with its state and numbers."""
        rows = []
        for room in self._simulator.rooms.values():
            truth = room.truth
            numbers = (len(room.connections), truth.messages, truth.coins, truth.room_likes, truth.repeated)
            cells = "".join(f"<td>{number:,}</td>" for number in (*numbers, truth.unconfirmed, truth.missed))
            state = ", ".join(dict.fromkeys((truth.state, *room.conditions.names())))
            rows.append(
                f'<tr><td><a href="/truth/{quote(room.user, safe="")}">{escape(room.user)}</a></td>'
                f'<td class="{escape(truth.state)}">{escape(state)}</td><td>{escape(room.scenario.title)}</td>'
                f"{cells}</tr>"
            )
        names = "".join(f"<dt>{escape(name)}</dt><dd>{escape(s.title)}</dd>" for name, s in SCENARIOS.items())
        default = self._simulator.default
        page = _PAGE.format(
            url=escape(self._simulator.url),
            rows="".join(rows),
            names=names,
            default=escape(default.title if default else "unknown"),
        )
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def truths(self, request: web.Request) -> web.Response:
        """All streams' truths, by user name."""
        data = {user: room.as_json() for user, room in self._simulator.rooms.items()}
        return web.Response(body=msgspec.json.encode({"rooms": data}), content_type="application/json")

    async def truth(self, request: web.Request) -> web.Response:
        """One stream's truth; ``?ids=1`` adds the ids of the delivered messages. 404 when nobody asked for it yet."""
        room = self._simulator.rooms.get(request.match_info["user"].lower())
        if room is None:
            return _refused(404, "no such stream")
        return web.Response(
            body=msgspec.json.encode(room.as_json(ids="ids" in request.query)), content_type="application/json"
        )

    async def control(self, request: web.Request) -> web.Response:
        """Let a fault happen. Only for JSON from this machine: a web page elsewhere must not be able to post it."""
        host = urlsplit(f"//{request.host}").hostname
        origin = request.headers.get("Origin")
        if host not in _LOOPBACK or (origin is not None and urlsplit(origin).netloc != request.host):
            return _refused(403, "only from this machine")
        if request.content_type != "application/json":
            return _refused(415, "send JSON")
        try:
            fault = msgspec.json.decode(await request.read(), type=AnyFault)
        except msgspec.DecodeError as error:
            return _refused(400, str(error))
        room = self._simulator.find(request.match_info["user"])
        if room is None:
            return _refused(404, "no such stream")
        try:
            await room.strike(fault)
        except LookupError as error:
            return _refused(400, str(error))
        return web.Response(body=msgspec.json.encode(room.as_json()), content_type="application/json")

    async def avatar(self, request: web.Request) -> web.Response:
        """A person's picture, always the same for the same id."""
        name = request.match_info["name"].partition("~")[0]
        return _svg(face(name))

    async def gift(self, request: web.Request) -> web.Response:
        """A gift's picture, with the beginning of its name."""
        number = request.match_info["name"].removesuffix(".svg")
        gift = next((gift for gift in catalogue.GIFTS if str(gift.gift_id) == number), None)
        return _refused(404, "no such gift") if gift is None else _svg(picture(number, gift.name))


def _svg(text: str) -> web.Response:
    return web.Response(text=text, content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"code": status, "message": message}}, status=status)
