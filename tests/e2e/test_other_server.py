"""Another server that speaks the protocol: written from TikTokLive's classes alone, and in a hurry to close."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from TikTokLive import proto

from tests.e2e.conftest import query
from tests.tiktok.messages import entry, user

FRAMES, PER_FRAME = 300, 5
ROOM = "7000000000000000007"


def push(entries: list[object], **more: object) -> bytes:
    from TikTokLiveProto.v3.webcast.im import PushHeader

    batch = bytes(proto.ProtoMessageFetchResult(messages=entries, need_ack=True, internal_ext="x", **more))
    return bytes(
        proto.WebcastPushFrame(
            payload_type="msg",
            payload_encoding="pb",
            headers=[PushHeader(key="compress_type", value="gzip")],
            payload=gzip.compress(batch),
        )
    )


def chat(number: int, place: int) -> object:
    return entry(proto.WebcastChatMessage(user=user(), content=f"{number} {place}"))


@pytest.fixture
async def hasty_server() -> AsyncIterator[str]:
    """Serves one stream: everything at once, the end, and the close frame right behind it. No room info, no extras."""
    host = ""
    ended = False

    async def page(request: web.Request) -> web.Response:
        state = {
            "LiveRoom": {"liveRoomUserInfo": {"user": {"roomId": ROOM, "status": 4 if ended else 2, "uniqueId": "ana"}}}
        }
        text = f'<html><script id="SIGI_STATE" type="application/json">{json.dumps(state)}</script></html>'
        return web.Response(text=text, content_type="text/html")

    async def alive(request: web.Request) -> web.Response:
        return web.json_response({"data": [{"alive": not ended}]})

    async def fetch(request: web.Request) -> web.Response:
        first = entry(proto.WebcastChatMessage(user=user(), content="first"))
        body = proto.ProtoMessageFetchResult(
            cursor="c",
            push_server=host.replace("http", "ws") + "/push",
            route_params={"a": "b"},
            is_first=True,
            messages=[first],
        )
        return web.Response(body=bytes(body), headers={"X-Set-TT-Cookie": "ttwid=1"})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        nonlocal ended
        frames = [push([chat(number, place) for place in range(PER_FRAME)]) for number in range(FRAMES)]
        ws = web.WebSocketResponse(protocols=("echo-protocol",))
        await ws.prepare(request)
        for frame in frames:
            await ws.send_bytes(frame)
        await ws.send_bytes(push([entry(proto.WebcastControlMessage(action=3))]))
        ended = True
        await ws.close()
        return ws

    app = web.Application()
    app.add_routes(
        [
            web.get("/@ana/live", page),
            web.get("/webcast/room/check_alive/", alive),
            web.get("/webcast/fetch", fetch),
            web.get("/webcast/fetch/", fetch),
            web.get("/push", socket),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


async def test_everything_that_arrived_is_kept_although_the_server_closed_at_once(hasty_server, tmp_path: Path) -> None:
    import sys

    config = tmp_path / "c.yaml"
    config.write_text(
        f"tiktok:\n  web_url: {hasty_server}\n  webcast_url: {hasty_server}/webcast\n  sign_url: {hasty_server}\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tui_live",
            "serve",
            "-c",
            str(config),
            "--db",
            str(tmp_path / "x.db"),
            "--until-ended",
        ),
        "https://www.tiktok.com/@ana/live",
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said.decode()
    types = dict(query(tmp_path / "x.db", "SELECT event_type, count(*) FROM events GROUP BY 1"))
    assert types == {"chat": FRAMES * PER_FRAME + 1, "control": 1}, said.decode()
    assert query(tmp_path / "x.db", "SELECT status, total_gaps FROM sessions") == [("ended", 0)]
