"""The real TikTokLive client against the stand-in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tui_live.simulator import Scenario, Simulator


class Receiver:
    """Connects TikTokLive's client to a stream, again and again where told to, and keeps what came."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.methods: Counter[str] = Counter()
        self.messages: dict[int, Any] = {}
        self.events: list[Any] = []
        self.errors: list[BaseException] = []
        self.repeated = self.history = 0
        self.client: Any = None
        self.task: asyncio.Task[None] | None = None

    async def start(self, **options: Any) -> asyncio.Task[None]:
        """Connect once, as a user of the library does; returns its task."""
        from TikTokLive import TikTokLiveClient

        receiver = self

        class Client(TikTokLiveClient):
            async def _parse_webcast_response(self, webcast_response: Any) -> AsyncIterator[Any]:
                for message in webcast_response.messages:
                    receiver.take(message)
                async for event in super()._parse_webcast_response(webcast_response):
                    receiver.events.append(event)
                    yield event

        self.client = Client(self.user)
        self.client.ignore_broken_payload = True
        self.task = await self.client.start(**options)
        return self.task

    def take(self, message: Any) -> None:
        if message.msg_id in self.messages:
            self.repeated += 1
            return
        self.history += message.is_history
        self.messages[message.msg_id] = message
        self.methods[message.method] += 1

    async def once(self, within: float = 10) -> BaseException | None:
        """Connect and stay until the connection ends; returns the error that ended it, if any."""
        try:
            await asyncio.wait_for(await self.start(), within)
        except Exception as error:
            self.errors.append(error)
            return error
        return None

    async def follow(self, finished: asyncio.Event) -> None:
        """Connect again whenever the connection ends, until the stream has finished."""
        while not finished.is_set():
            await self.once()
            await asyncio.sleep(0)

    def of(self, name: str) -> list[Any]:
        return [event for event in self.events if type(event).__name__ == name]


@pytest.fixture
async def simulate(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable[Simulator]]]:
    """Starts simulators and points TikTokLive at the last one."""
    from TikTokLive.client.web.web_settings import WebDefaults

    monkeypatch.delenv("SIGN_API_URL", raising=False)
    running: list[Simulator] = []

    async def start(scenarios: dict[str, Scenario] | None = None, **options: Any) -> Simulator:
        simulator = Simulator(scenarios, **options)
        await simulator.start()
        running.append(simulator)
        monkeypatch.setattr(WebDefaults, "tiktok_app_url", simulator.web_url)
        monkeypatch.setattr(WebDefaults, "tiktok_webcast_url", simulator.webcast_url)
        monkeypatch.setattr(WebDefaults, "tiktok_sign_url", simulator.sign_url)
        return simulator

    yield start
    for simulator in running:
        await simulator.close()
