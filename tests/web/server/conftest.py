"""A real engine on a recorded evening, a real server on a free port, and whoever asks it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import msgspec
import pytest

from tests.e2e.conftest import free_port, hurrying, settings
from tests.web.server.studio import Studio
from tui_live.config import load
from tui_live.engine import Engine
from tui_live.simulator import SCENARIOS, Simulator
from tui_live.web.server import WebServer

T = TypeVar("T")

TOKEN = "a-token-of-these-tests"


def spawn(work: Any, name: str) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)


async def record(path: Path) -> None:
    """Two streams to their ends: everything that happens in a stream, and everything that the schema knows."""
    hostile = msgspec.structs.replace(SCENARIOS["hostile"], messages=400, rate=2000, ends=True)
    simulator = Simulator({"ana": SCENARIOS["truth"], "bob": SCENARIOS["methods"], "eve": hostile}, seed=3)
    await simulator.start()
    config = path.with_suffix(".yaml")
    config.write_text("streams: []\n")
    overrides = settings(simulator) | {"database.path": str(path), "streams": ["ana", "bob", "eve"]}
    engine = await Engine.create(load(config, overrides), spawn, web=False)
    while not engine.settled():
        engine.changed.clear()
        await engine.changed.wait()
    await engine.close()
    await simulator.close()


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the finished sessions of three streams."""
    path = tmp_path_factory.mktemp("evening") / "x.db"
    with hurrying():
        asyncio.run(record(path))
    return path


class Served:
    """An engine, the server on it, and a client."""

    def __init__(self, engine: Engine, server: WebServer, path: Path) -> None:
        self.engine = engine
        self.server = server
        self.path = path
        self.client = aiohttp.ClientSession()
        self.running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def run(self) -> None:
        """Run the server, as the engine does."""
        self.running = asyncio.create_task(self.server.run())
        async with asyncio.timeout(10):
            while not self.server.port:
                await asyncio.sleep(0.005)

    async def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.running
            self.running = None

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Write into the database as another program does: in a thread, because the recorder may have its turn now."""

        def written() -> T:
            with contextlib.closing(sqlite3.connect(self.path, timeout=30)) as database, database:
                database.execute("BEGIN IMMEDIATE")  # what is read must not be old when it is written
                return work(database)

        return await asyncio.to_thread(written)

    async def ask(self, path: str, method: str = "GET", *, token: str | None = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON (or text) of an answer."""
        headers = dict(more.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = path if path.startswith("http") else self.url + path
        async with self.client.request(method, url, headers=headers, **more) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.text()

    async def pages_of(self, path: str, name: str, **query: Any) -> list[Any]:
        """All items of a list, page by page."""
        found: list[Any] = []
        cursor = "before" if name == "events" else "after"
        while True:
            status, answer = await self.ask(path, params=query)
            assert status == 200, answer
            found += answer[name]
            if answer["next"] is None:
                return found
            query[cursor] = answer["next"]

    async def session(self, streamer: str) -> str:
        """The key of the streamer's session."""
        _, answer = await self.ask("/api/sessions", params={"streamer": streamer})
        return str(answer["sessions"][0]["id"])

    async def close(self) -> None:
        await self.stop()
        await self.client.close()
        await self.engine.close()


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve(tmp_path: Path, evening: Path) -> AsyncIterator[Serve]:
    """Serves a copy of the evening, with or without streams; ``more`` are settings by dotted key (``a__b``)."""
    all_served: list[Served] = []

    async def start(simulator: Simulator | None = None, *streams: str, run: bool = True, **more: object) -> Served:
        path = tmp_path / f"{len(all_served)}.db"
        shutil.copy(evening, path)
        config = tmp_path / "config.yaml"
        config.write_text("# tonight\nstreams: []\n")
        overrides = settings(simulator) if simulator else {}
        overrides |= {"overlay.port": free_port(), "overlay.token": TOKEN} | {
            key.replace("__", "."): value for key, value in more.items()
        }
        loaded = load(config, overrides | {"database.path": str(path), "streams": list(streams)})
        engine = await Engine.create(loaded, spawn, web=False)
        engine.pages.server = server = WebServer(engine, loaded.config.overlay, TOKEN)
        served = Served(engine, server, path)
        all_served.append(served)
        if run:
            await served.run()
        return served

    yield start
    for served in all_served:
        await served.close()


@pytest.fixture
async def served(serve: Serve) -> Served:
    """The evening on a free port of this machine."""
    return await serve()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for clips."""
    (tmp_path / "clips").mkdir()
    return tmp_path / "clips"


def own_address() -> str:
    """An address of this machine that is not its loopback: whoever comes from there comes from elsewhere."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return str(probe.getsockname()[0])


async def raw(port: int, data: bytes, seconds: float = 5) -> bytes:
    """What the server answers to these bytes until it hangs up (or, kept alive, until it is quiet)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    answer = b""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(seconds):
            while piece := await reader.read(65536):
                answer += piece
    writer.close()
    return answer


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    """Two streams that do what the test says."""
    studio = Studio("ana", "bob")
    await studio.start()
    yield studio
    await studio.close()
