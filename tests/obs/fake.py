"""A stand-in for obs-websocket 5, with every fault that a real OBS shows rarely."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import select
import socket
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

_SALT, _CHALLENGE = "salt", "challenge"


def _digest(*parts: str) -> str:
    return base64.b64encode(hashlib.sha256("".join(parts).encode()).digest()).decode()


class FakeObs:
    """Writes real files into ``clips``. Change its attributes at any time; ``asked`` has (monotonic time, request)."""

    def __init__(self, clips: Path, password: str = "secret-word", host: str = "127.0.0.1") -> None:
        self.clips = clips
        self.password = password
        self.host = host
        self.port = 0
        self.active = True
        self.starts = True
        """Whether a start of the buffer leads to anything: not, without a video source."""
        self.codes: dict[str, int] = {}
        """Requests that are answered with an error."""
        self.mute: set[str] = set()
        """Requests that are not answered; ``*`` stands for all, the greeting too."""
        self.sources: dict[str, bool] = {}
        self.write_seconds = 0.05
        self.writes = True
        """Whether there is a file when it says so."""
        self.tells = True
        """Whether it says that a file was saved."""
        self.named: str | None = None
        """The path that it tells of, instead of the real one."""
        self.last = ""
        self.asked: list[tuple[float, str]] = []
        self.greetings = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._writing: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None

    def times(self, request: str) -> list[float]:
        return [moment for moment, name in self.asked if name == request]

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """As if OBS had ended; its port is closed."""
        await self.drop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def drop(self, code: int = 1001) -> None:
        """End the connections."""
        for one in list(self._sockets):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(one.close(code=code), 1)

    async def tell(self, name: str, **data: object) -> None:
        """An event to everybody."""
        for one in list(self._sockets):
            with contextlib.suppress(ConnectionError):
                await one.send_json({"op": 5, "d": {"eventType": name, "eventIntent": 64, "eventData": data}})

    async def say(self, text: str) -> None:
        """Anything at all."""
        for one in list(self._sockets):
            await one.send_str(text)

    def save(self, seconds: float | None = None) -> asyncio.Task[None]:
        """Write a replay, as after a click in OBS or after a request."""
        path = self.clips / f"Replay {datetime.now():%Y-%m-%d %H-%M-%S-%f}.mkv"
        if self.writes:
            path.write_bytes(b"")
        task = asyncio.create_task(self._write(path, self.write_seconds if seconds is None else seconds))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    async def _write(self, path: Path, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.writes:
            path.write_bytes(b"a replay")
        self.last = self.named or str(path)
        if self.tells:
            await self.tell("ReplayBufferSaved", savedReplayPath=self.last)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        self.greetings += 1
        if "*" in self.mute:
            await answer.receive()  # whoever waits hangs up
            return answer
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.1.0", "rpcVersion": 1}
        if self.password:
            hello["authentication"] = {"challenge": _CHALLENGE, "salt": _SALT}
        await answer.send_json({"op": 0, "d": hello})
        async for message in answer:
            if message.type is not WSMsgType.TEXT:
                break
            body = json.loads(message.data)
            if body["op"] == 1:
                right = _digest(_digest(self.password, _SALT), _CHALLENGE)
                if self.password and body["d"].get("authentication") != right:
                    await answer.close(code=4009, message=b"Authentication failed.")
                    break
                self._sockets.add(answer)
                await answer.send_json({"op": 2, "d": {"negotiatedRpcVersion": 1}})
            elif body["op"] == 6:
                await self._request(answer, body["d"])
        self._sockets.discard(answer)
        return answer

    async def _request(self, socket_: web.WebSocketResponse, body: dict[str, Any]) -> None:
        name = body["requestType"]
        self.asked.append((time.monotonic(), name))
        if name in self.mute or "*" in self.mute:
            return
        code, data = self._answer(name, body.get("requestData") or {})
        code = self.codes.get(name, code)
        status: dict[str, object] = {"result": code == 100, "code": code}
        if code != 100:
            status["comment"] = "as the test wants it"
        answer = {"requestType": name, "requestId": body["requestId"], "requestStatus": status}
        if code == 100 and data is not None:
            answer["responseData"] = data
        await socket_.send_json({"op": 7, "d": answer})
        if name == "SaveReplayBuffer" and code == 100:
            self.save()
        if name == "StartReplayBuffer" and code == 100 and self.starts:
            await self._switch("STARTING", active=False)
            await self._switch("STARTED", active=True)

    async def _switch(self, state: str, *, active: bool) -> None:
        self.active = active
        await self.tell("ReplayBufferStateChanged", outputActive=active, outputState=f"OBS_WEBSOCKET_OUTPUT_{state}")

    def _answer(self, name: str, data: dict[str, Any]) -> tuple[int, dict[str, object] | None]:
        match name:
            case "GetVersion":
                return 100, {"obsVersion": "29.0.2", "rpcVersion": 1}
            case "GetReplayBufferStatus":
                return 100, {"outputActive": self.active}
            case "GetRecordDirectory":
                return 100, {"recordDirectory": str(self.clips)}
            case "GetProfileParameter":
                value = "Simple" if data["parameterName"] == "Mode" else "30"
                return 100, {"parameterValue": value, "defaultParameterValue": "20"}
            case "GetSourceActive":
                known = self.sources.get(data["sourceName"])
                return (600, None) if known is None else (100, {"videoActive": known, "videoShowing": known})
            case "SaveReplayBuffer":
                return (100, None) if self.active else (501, None)
            case "StartReplayBuffer":
                return (500, None) if self.active else (100, None)
            case "GetLastReplayBufferReplay":
                return (100, {"savedReplayPath": self.last}) if self.active else (501, None)
        return 204, None


@contextlib.asynccontextmanager
async def raw_server(*, says: bytes = b"", ends: bool = False, drips: bytes = b"") -> AsyncIterator[int]:
    """Something else on the port: it takes a connection, sends ``says`` after the first bytes, and may hang up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await reader.read(1)
            writer.write(says)
            await writer.drain()
            while drips:
                writer.write(drips)
                await writer.drain()
                await asyncio.sleep(0.05)  # how fast it drips
            if not ends:
                await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextlib.contextmanager
def black_hole() -> Any:
    """A port that swallows connections: its queue is full, and nobody takes anything out."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = []
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            fillers.append(filler)
        # Once one is connected, nobody else gets in.
        assert select.select([], fillers, [], 10)[1]
        yield listener.getsockname()[1]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
