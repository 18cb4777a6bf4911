"""Whoever answers, an answer ends; and whoever sends, others get a turn."""

from __future__ import annotations

import asyncio
import contextlib
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from tests.tiktok.messages import entry, frame
from tui_live.config import TikTok
from tui_live.tiktok import client as module
from tui_live.tiktok.bounded import MAX_ANSWER_BYTES, bound
from tui_live.tiktok.client import Client, FrameReader
from tui_live.wire.frames import Frame, push_frame


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


def answer(*chunks: bytes, packed: str = "gzip") -> httpx.Response:
    class Sent(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk

    response = httpx.Response(200, headers={"Content-Encoding": packed}, stream=Sent())
    bound(response)
    return response


async def test_no_more_is_unpacked_than_an_answer_may_have() -> None:
    bomb = answer(zlib.compress(bytes(64_000_000), wbits=31))
    tracemalloc.start()
    try:
        with pytest.raises(httpx.ReadError, match="more than 8 MB"):
            await bomb.aread()
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_ANSWER_BYTES
    finally:
        tracemalloc.stop()


async def test_an_answer_is_whole_however_it_comes() -> None:
    page = b"<html>" + bytes(range(256)) * 200
    packed = zlib.compress(page, wbits=31)
    assert await answer(*(packed[at : at + 7] for at in range(0, len(packed), 7))).aread() == page
    assert await answer(page, packed="identity").aread() == page


@pytest.mark.parametrize(
    ("chunk", "packed"),
    [(zlib.compress(zlib.compress(b"x", wbits=31), wbits=31), "gzip, gzip"), (b"x", "br"), (b"nonsense", "gzip")],
)
async def test_what_cannot_be_unpacked_is_an_error_of_the_answer(chunk, packed) -> None:
    with pytest.raises(httpx.DecodingError):
        await answer(chunk, packed=packed).aread()


async def test_what_the_sign_server_says_is_no_word_of_ours() -> None:
    seen: list[Frame] = []

    async def take(frame: Frame) -> None:
        seen.append(frame)

    client = Client("ana", TikTok(), take, nothing)
    client.first_payload = b"\0because I say so\n"
    assert [event async for event in client._parse_webcast_response(object())] == []
    assert [frame.error for frame in seen] == ["not a batch of messages"]
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
