"""A server on streams that do what a test says: the real hub, boards and log, without TikTok and database."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from tests.core.scores import batch
from tests.e2e.conftest import free_port
from tui_live.config.schema import Overlay
from tui_live.core.board import Board
from tui_live.core.clips import Clip, ClipState, ObsStatus
from tui_live.core.events import Event, GoalData, Person
from tui_live.core.log import LogModel
from tui_live.core.scoring import Rules
from tui_live.core.status import Health, Standing, State, StreamView
from tui_live.engine.scores import Scores
from tui_live.web.hub import Hub
from tui_live.web.server import WebServer

#: TikTok's ids of messages, each once.
message_ids = itertools.count(7 * 10**18 + 1)
RULES = Rules.of(comment=1, follow=2, share=3, gift_factors=[(None, 5)])


class Empty:
    """An archive of nothing."""

    async def goals(self, key: str) -> list[GoalData]:
        return []


class NoClips:
    """A ledger of nothing, and no OBS."""

    obs = ObsStatus()

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> list[Clip]:
        return []

    async def counts(self) -> dict[ClipState, int]:
        return {}


class Studio:
    """What the web side needs of an engine: a ``Source``."""

    def __init__(self, *names: str, **settings: Any) -> None:
        self.log = LogModel(50_000)
        self.sessions = {name: f"{name}-session" for name in names}
        self.states = dict.fromkeys(names, State.LIVE)
        self.boards = {name: Board(RULES) for name in names}
        for index, name in enumerate(names):
            self.log.name_stream(index, name)
        self.scores = Scores(lambda: self.boards, lambda *_: None, None, None, None)  # type: ignore[arg-type]
        self.archive: Any = Empty()
        self.clips: Any = NoClips()
        self.server = WebServer(self, Overlay(port=free_port(), **settings), "a-token-of-these-tests")  # type: ignore[arg-type]
        self._client: aiohttp.ClientSession | None = None
        self._running: asyncio.Task[None] | None = None

    # The source

    def streams(self) -> Sequence[StreamView]:
        names = list(self.log.stream_names.values())
        return [
            StreamView(name=name, index=names.index(name), standing=Standing(self.states[name]), session_id=key)
            for name, key in self.sessions.items()
        ]

    def health(self) -> Health:
        return Health()

    # What a test does

    @property
    def hub(self) -> Hub:
        return self.server.hub

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def version(self) -> str:
        return self.server._site.version

    @property
    def pages(self) -> list[Any]:
        return [page for group in self.hub._groups.values() for page in group.pages]

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def tell(self, stream: str, *events: Event, live: bool = True) -> None:
        """Let that happen in a stream."""
        self.boards[stream].add(batch(*events))
        self.log.append(list(self.log.stream_names.values()).index(stream), events, live=live)

    def long_name(self, number: int) -> Person:
        return Person(str(6_900_000_000_000_000_000 + number), f"user{number}", "𝕏" * 200, "https://p/" + "x" * 900)

    async def start(self) -> None:
        self._client = aiohttp.ClientSession()
        self._running = asyncio.create_task(self.server.run())
        await self.until(lambda: bool(self.server.port))

    async def page(self, page: str, **query: str) -> aiohttp.ClientWebSocketResponse:
        """Connect a page."""
        assert self._client is not None
        query["page"] = page
        return await self._client.ws_connect(f"http://127.0.0.1:{self.port}/ws", params=query, max_msg_size=0)

    async def ticks(self, count: int) -> None:
        """Return when the hub could have told its pages so often, and they have heard it.

        Its looks are counted beside the time: on a busy machine they come late.
        """
        from tui_live.web.hub import _APART_SECONDS, _LOOK_SECONDS

        looks, tick = 0, self.hub.tick

        def counted(now: float = math.inf) -> None:
            nonlocal looks
            tick(now)
            looks += 1

        self.hub.tick = counted  # type: ignore[method-assign]
        try:
            await asyncio.sleep((count + 0.5) * _APART_SECONDS)
            await self.until(lambda: looks > count * round(_APART_SECONDS / _LOOK_SECONDS))
        finally:
            self.hub.tick = tick  # type: ignore[method-assign]
        await self.until(lambda: not any(page._queue for page in self.pages))
        await asyncio.sleep(0.02)  # what is on its way arrives

    async def until(self, check: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not check():
                await asyncio.sleep(0.01)

    async def hang_up(self, tasks: Sequence[asyncio.Future[None]]) -> None:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError | None), result

    async def close(self) -> None:
        assert self._running is not None and self._client is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._client.close()
