"""Connections: who was not let in holds nothing up, packs nothing in, and keeps nobody else out."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib

import pytest

from tests.web.server.conftest import TOKEN, Serve, Served, own_address
from tui_live.web import connections


async def hung_up(reader: asyncio.StreamReader, seconds: float) -> bytes:
    """What is read until the server hangs up; TimeoutError when it does not."""
    async with asyncio.timeout(seconds):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


def packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


async def test_what_is_packed_is_not_unpacked(served: Served) -> None:
    body = json.dumps({"stream": "x", "action": "start"}).encode()
    for coding, data in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("gzip", b"x"), ("br", b"")):
        status, answer = await served.ask(
            "/api/stream_action", "POST", token=TOKEN, data=data, headers={"Content-Encoding": coding}
        )
        assert (status, answer["error"]["code"]) == (415, "packed_body"), coding
    status, _ = await served.ask(
        "/api/stream_action", "POST", token=TOKEN, data=body, headers={"Content-Encoding": "identity"}
    )
    assert status == 404


async def test_refused_bodies_do_not_stop_the_server(served: Served) -> None:
    body = packed_zeros(200)
    head = f"POST /api/question HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"

    async def post() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
        writer.write(f"{head}\r\n\r\n".encode() + body)
        answer = await hung_up(reader, 30)
        writer.close()
        return answer

    posting = [asyncio.ensure_future(post()) for _ in range(10)]
    longest, loop = 0.0, asyncio.get_running_loop()
    while not all(task.done() for task in posting):
        before = loop.time()
        await asyncio.sleep(0.01)
        longest = max(longest, loop.time() - before)
    assert longest < 1.5, "unpacking all of it takes several seconds"


async def test_whoever_is_refused_keeps_no_connection(served: Served) -> None:
    for path, more in (("/api/question", ""), ("/api/none", "Host: evil.example\r\n")):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
        host = more or "Host: localhost\r\n"
        writer.write(f"POST {path} HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\n{{".encode())
        answer = await hung_up(reader, 2)
        assert b" 401 " in answer or b" 421 " in answer
        writer.close()


async def test_silent_connections_from_elsewhere_keep_nobody_out(serve: Serve) -> None:
    served = await serve(run=False, overlay__host="0.0.0.0")
    open_ones = served.server._connections
    open_ones.most = 120
    await served.run()
    there, port = own_address(), served.server.port
    async with served.client.ws_connect(f"http://{there}:{port}/ws?page=overlay", headers=bearer()) as page:
        assert (await page.receive_json())["t"] == "hello"
        opened = [await asyncio.open_connection(there, port) for _ in range(200)]
        async with asyncio.timeout(10):
            while open_ones._from_elsewhere < connections._MOST_SILENT + 1:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert len(open_ones.silent) == connections._MOST_SILENT
        assert (await served.ask(f"http://{there}:{port}/api/health", token=TOKEN))[0] == 200
        for _ in range(20):
            async with served.client.ws_connect(f"{served.url}/ws?page=overlay") as ours:
                assert (await ours.receive_json())["t"] == "hello"
        await page.send_json({"version": ""})
        while (await page.receive_json(timeout=5))["t"] != "hello":
            pass
    for _, writer in opened:
        writer.close()
    await served.client.close()
    async with asyncio.timeout(10):
        while open_ones.open:
            await asyncio.sleep(0.01)
    assert (open_ones._from_elsewhere, open_ones.silent) == (0, {})


async def test_a_share_of_all_connections_is_this_machines(serve: Serve) -> None:
    served = await serve(run=False, overlay__host="0.0.0.0")
    served.server._connections.most = 20
    await served.run()
    there = f"http://{own_address()}:{served.server.port}"
    pages = [await served.client.ws_connect(f"{there}/ws?page=goal", headers=bearer()) for _ in range(15)]
    with pytest.raises(Exception, match=r"."):
        await served.client.ws_connect(f"{there}/ws?page=goal", headers=bearer())
    pages += [await served.client.ws_connect(f"{served.url}/ws?page=goal") for _ in range(5)]
    for page in pages:
        assert (await page.receive_json())["t"] == "hello"
        await page.close()


async def test_whoever_takes_too_little_is_cut(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that takes some bytes now and then would hold an answer for days."""
    monkeypatch.setattr(connections, "STUCK_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LEAST_BYTES_PER_SECOND", 50_000_000)
    served = await serve()

    async def much(*_: object):
        while True:
            yield b"x" * 200_000

    monkeypatch.setattr(served.engine.archive, "export", much)
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(b"GET /api/export/session/x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        async with asyncio.timeout(20):
            while True:
                await reader.readexactly(100_000)
                await asyncio.sleep(0.02)
    writer.close()


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}
