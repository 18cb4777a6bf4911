"""Whoever asks too much, or for too many different things, costs the others nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from tests.web.server.studio import Studio
from tui_live.web import hub

UPGRADE = (
    "GET /ws?page=overlay HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def frame(kind: int, data: bytes) -> bytes:
    """A masked frame, as a browser sends it."""
    mask = os.urandom(4)
    return bytes((0x80 | kind, 0x80 | len(data))) + mask + bytes(sign ^ mask[at % 4] for at, sign in enumerate(data))


async def longest_pause(until: Callable[[], bool]) -> float:
    """The longest time for which the loop did nothing else."""
    longest, loop = 0.0, asyncio.get_running_loop()
    while not until():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    return longest


@pytest.mark.parametrize(("kind", "data"), [(1, b'{"version":"x"}'), (1, b"x"), (9, b"ping"), (10, b""), (2, b"x")])
async def test_a_page_that_floods_is_cut_and_holds_nobody_up(studio: Studio, kind: int, data: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", studio.port)
    writer.write(UPGRADE.encode())
    await reader.readuntil(b"\r\n\r\n")
    await studio.until(lambda: len(studio.pages) == 1)
    flood = b"".join(frame(kind, data) for _ in range(500)) * 100
    writer.write(flood)
    async with asyncio.timeout(10):
        assert await longest_pause(lambda: not studio.pages) < 0.5
    writer.close()


async def test_a_page_that_only_beats_is_answered(studio: Studio) -> None:
    page = await studio.page("overlay")
    for _ in range(hub._MOST_FRAMES_PER_SECOND - 5):
        await page.send_json({"version": "x"})
        await page.ping(b"?")
        await asyncio.sleep(0.11)
    await studio.until(lambda: [view.version for view in studio.pages] == ["x"])
    assert not page.closed
    await page.close()


async def test_a_state_that_cannot_be_made_leaves_no_group(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(studio.hub, "_state", broken)
        page = await studio.page("overlay")
        assert (await page.receive()).type is not aiohttp.WSMsgType.TEXT
    assert studio.hub._groups == {}


async def test_so_many_different_pages_and_no_more(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_MOST_GROUPS", 3)
    pages = [await studio.page("overlay", top=str(top)) for top in (1, 2, 3, 1, 2, 3)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await studio.page("overlay", top="4")
    assert refused.value.status == 503
    for page in pages:
        await page.close()
    await studio.until(lambda: not studio.hub._groups)
    await (await studio.page("overlay", top="4")).close()
