"""The stand-in as a server: one port, any number of streams."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from tui_live.errors import TuiLiveError
from tui_live.simulator import messages
from tui_live.simulator.board import BoardRoutes
from tui_live.simulator.faults import AnyFault, Condition
from tui_live.simulator.room import Room
from tui_live.simulator.routes import TikTokRoutes
from tui_live.simulator.scenario import DEFAULT, Scenario, scenario_for
from tui_live.simulator.truth import Truth

log = logging.getLogger(__name__)
_KEEPALIVE_SECONDS = 15


class Simulator:
    """A local stand-in for TikTok LIVE and its sign server.

    ``scenarios`` are the streams that exist from the start, by user name. Any other name gets the scenario that it
    names (see :func:`~tui_live.simulator.scenario.scenario_for`), else ``default``; with ``default=None`` it is an
    unknown user. The same ``seed`` gives the same people, texts and numbers; message and room ids follow the clock, as
    TikTok's do.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario] | None = None,
        *,
        default: Scenario | None = DEFAULT,
        seed: int = 1,
    ) -> None:
        self.default = default
        self.rooms: dict[str, Room] = {}
        self.url = ""
        self._scenarios = {user.lower().lstrip("@"): scenario for user, scenario in (scenarios or {}).items()}
        self._seed = seed
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def web_url(self) -> str:
        """What ``tiktok.web_url`` must be."""
        return self.url

    @property
    def webcast_url(self) -> str:
        """What ``tiktok.webcast_url`` must be."""
        return f"{self.url}/webcast"

    @property
    def sign_url(self) -> str:
        """What ``tiktok.sign_url`` must be."""
        return self.url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises :class:`TuiLiveError` when the address cannot be had."""
        app = web.Application(middlewares=[_no_store])
        app.add_routes([*BoardRoutes(self).table(), *TikTokRoutes(self).table()])
        app.on_shutdown.append(self._hang_up)
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=_KEEPALIVE_SECONDS, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            self._runner = None
            raise _no_address(host, port, error) from error
        address = self._runner.addresses[0]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        self.url = f"http://{shown}:{address[1]}"
        # TikTokLive's import and its schema take seconds: not on the loop of a console.
        await asyncio.to_thread(messages.prepare)
        for user in self._scenarios:
            self.find(user)

    async def close(self) -> None:
        """End every stream and connection and free the port."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def room(self, user: str) -> Room:
        """The room of this user, made when nobody asked for it before. Raises ``LookupError`` for an unknown user."""
        room = self.find(user)
        if room is None:
            raise LookupError(f"the stand-in knows no user {user!r}")
        return room

    def find(self, user: str) -> Room | None:
        """The room of this user, or ``None`` when there is no such user."""
        user = user.lower().lstrip("@")
        if user in self.rooms:
            return self.rooms[user]
        scenario = self._scenarios.get(user) or scenario_for(user) or self.default
        if scenario is None or not user:
            return None
        return self._make(user, scenario)

    def find_id(self, room_id: str) -> Room | None:
        """The room that has or had this id."""
        return next((room for room in self.rooms.values() if room_id in room.truth.room_ids), None)

    def truth(self, user: str) -> Truth:
        """What a perfect receiver of this user's stream knows by now."""
        return self.room(user).truth

    async def wait_for(self, user: str, check: Callable[[Room], bool], within: float = 10) -> Room:
        """Wait until ``check`` holds for the room. Raises ``TimeoutError`` after ``within`` seconds."""
        room = self.room(user)
        await room.wait_for(check, within)
        return room

    def inject(self, user: str, fault: AnyFault) -> asyncio.Task[None]:
        """Let a fault happen: a condition holds at once, anything else when the returned task is done."""
        room = self.room(user)
        if isinstance(fault, Condition):
            room.impose(fault)
            return self._spawn(asyncio.sleep(0), f"condition for {user}")
        return self._spawn(room.strike(fault), f"fault for {user}")

    def _make(self, user: str, scenario: Scenario) -> Room:
        room = Room(user, scenario, seed=self._seed, media_url=self.url)
        self.rooms[user] = room
        self._spawn(room.run(), f"room of {user}")
        return room

    def _spawn(self, work: Awaitable[None], name: str) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        task.set_name(name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the %s stopped: %s", task.get_name(), error, exc_info=error)

    async def _hang_up(self, app: web.Application) -> None:
        for room in self.rooms.values():
            for connection in room.connections:
                connection.cut()


@web.middleware
async def _no_store(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _no_address(host: str, port: int, error: Exception) -> TuiLiveError:
    where = f"{host}:{port}"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return TuiLiveError(
            f"The stand-in cannot listen on {where}: the port is in use", "choose another --port, or 0 for a free one"
        )
    return TuiLiveError(f"The stand-in cannot listen on {where}: {error}", "choose another address or --port")
