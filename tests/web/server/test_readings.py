"""What the server says of itself, of trouble, and of what is asked wrongly."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from tests.web.server.conftest import TOKEN, Served
from tui_live.web.api import ROUTES


async def test_health_is_503_in_trouble(served: Served) -> None:
    assert (await served.ask("/api/health"))[0] == 200
    served.engine._recorder.trouble = "the disk is full"
    status, answer = await served.ask("/api/health")
    assert (status, answer["status"], answer["trouble"]) == (503, "trouble", "the disk is full")


async def test_a_database_in_trouble_is_503(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(served.engine.archive, "sessions", broken)
    status, answer = await served.ask("/api/sessions")
    assert (status, answer["error"]["code"]) == (503, "database")


async def test_what_is_misspelt_in_a_query_is_said(served: Served) -> None:
    key = await served.session("ana")
    for path in (
        *("/api/sessions?streamr=ana", f"/api/sessions/{key}/events?typ=gift", f"/api/export/session/{key}?types=gift"),
        *(
            "/api/streams?x",
            f"/api/sessions/{key}?limit=1",
            "/metrics?a=1",
            f"/api/sessions/{key}/stream?Last-Event-ID=1",
        ),
    ):
        status, answer = await served.ask(path)
        assert (status, answer["error"]["code"]) == (400, "bad_parameter"), path
    assert (await served.ask(f"/api/sessions?streamer=ana&token={TOKEN}"))[0] == 200
    status, answer = await served.ask("/api/clear_logs?sure=1", "POST", token=TOKEN)
    assert status == 400


async def test_another_method_is_told_what_there_is(served: Served) -> None:
    status, answer = await served.ask("/api/question", "PUT", token=TOKEN)
    assert (status, answer["error"]["message"]) == (
        405,
        "PUT is not for /api/question: it takes DELETE, GET, HEAD, POST",
    )
    status, answer = await served.ask("/overlay", "POST", token=TOKEN)
    assert (status, answer["error"]["message"]) == (405, "POST is not for /overlay: it takes GET, HEAD")


async def test_what_is_there_but_asked_for_otherwise_says_how(served: Served) -> None:
    async with served.client.post(f"{served.url}/api/streams", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    async with served.client.get(f"{served.url}/api/stream_action") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    async with served.client.put(f"{served.url}/api/question", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "DELETE, GET, HEAD, POST")


async def test_a_monitor_may_ask_for_the_head_alone(served: Served) -> None:
    key = await served.session("ana")
    for route in ROUTES:
        if route.method == "GET":
            path = route.path.replace("{id}", key).replace("{user}", "none").replace("{streamer}", "ana")
            async with served.client.head(served.url + path) as head, asyncio.timeout(5):
                unknown = "{user}" in route.path or "clips/" in route.path or "{name}" in route.path
                assert head.status == (404 if unknown else 200), path
                assert await head.read() == b""
    assert (await served.ask("/api/openapi.json", "HEAD"))[0] == 200
