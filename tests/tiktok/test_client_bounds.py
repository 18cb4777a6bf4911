"""Whoever answers, an answer ends; and whoever sends, others get a turn."""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from tests.tiktok.messages import entry, frame
from tui_live.config import TikTok
from tui_live.tiktok import client as module
from tui_live.tiktok.client import Client, FrameReader
from tui_live.wire.frames import push_frame


async def nothing(*_: object) -> None:
    return None


@pytest.fixture
async def endless() -> AsyncIterator[str]:
    """The address of a server whose answers never end; ``?gzip`` packs 20 MB into a few kilobytes."""
    gone = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        packed = "gzip" in request.query
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"} if packed else {})
        await response.prepare(request)
        if packed:
            await response.write(zlib.compress(bytes(20_000_000), wbits=31))
            await gone.wait()
        with contextlib.suppress(ConnectionError):
            while not packed:
                await response.write(bytes(1_000_000))
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    gone.set()
    await runner.cleanup()


@pytest.mark.parametrize("query", ["", "?gzip"])
async def test_answers_that_never_end_are_given_up(endless, query) -> None:
    client = Client("ana", TikTok(), nothing, nothing)
    for http in (client._signing, client._web.httpx_client):
        with pytest.raises(httpx.ReadError, match="more than 8 MB"):
            await http.get(endless + query)
    assert not client.first_payload
    await client.hang_up()


async def test_others_get_a_turn_while_frames_that_take_long_are_waiting(monkeypatch) -> None:
    monkeypatch.setattr(module, "_LONG_SECONDS", -1.0)
    data = push_frame("msg", frame(entry(b"", method="WebcastChatMessage")).payload)
    turns: list[str] = []

    class Waiting(FrameReader):
        response_headers: dict[str, str] = {}
        _initial_response = None

        async def __aenter__(self) -> object:
            return Arrived()

        async def __aexit__(self, *_: object) -> None:
            return None

    class Arrived:
        response_headers: dict[str, str] = {}

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(3):
                yield data

    async def other() -> None:
        while True:
            turns.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for _, arrived in Waiting():
        if arrived is not None:
            turns.append("frame")
    task.cancel()
    assert turns == ["frame", "other"] * 3
