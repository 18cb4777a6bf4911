"""Other pages' scripts read what they are allowed to, and nothing else; a proxy's name is ours when it is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.server.conftest import TOKEN, Serve, Served, own_address
from tests.web.server.test_security import UPGRADE, WRITES

OURS = "https://tools.example.com"
OPTIONS = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


async def headers_of(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    url = path if path.startswith("http") else served.url + path
    async with served.client.request(method, url, headers=headers) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}


@pytest.fixture
async def shared(serve: Serve) -> Served:
    return await serve(overlay__allowed_origins=[OURS, "http://127.0.0.1:3000"])


async def test_without_a_setting_nobody_is_told_anything(served: Served) -> None:
    for method, more in (("GET", {}), ("OPTIONS", OPTIONS)):
        status, headers = await headers_of(served, "/api/streams", method, Origin=OURS, **more)
        assert status == (200 if method == "GET" else 405)
        assert not [name for name in headers if name.startswith("access-control")] and "vary" not in headers


@pytest.mark.parametrize("path", ["/api/streams", "/api/none", "/api/openapi.json", "/metrics"])
async def test_an_allowed_origin_reads_and_is_told_errors(shared: Served, path: str) -> None:
    status, headers = await headers_of(shared, path, Origin=OURS)
    assert status == (404 if path == "/api/none" else 200)
    assert (headers["access-control-allow-origin"], headers["vary"]) == (OURS, "Origin")
    assert "access-control-allow-credentials" not in headers


async def test_events_are_followed_from_there(shared: Served) -> None:
    key = await shared.session("ana")
    async with shared.client.get(f"{shared.url}/api/sessions/{key}/stream", headers={"Origin": OURS}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == OURS


@pytest.mark.parametrize(
    "origin",
    [
        *("https://tools.example.com.evil.example", "http://tools.example.com", "https://tools.example.com:8443", "*"),
        *("https://TOOLS.example.com", "https://sub.tools.example.com", "null", "", "http://127.0.0.1"),
    ],
)
async def test_every_other_origin_is_told_nothing(shared: Served, origin: str) -> None:
    for method, more in (("GET", {}), ("OPTIONS", OPTIONS)):
        status, headers = await headers_of(shared, "/api/streams", method, Origin=origin, **more)
        assert status == (200 if method == "GET" else 405)
        assert not [name for name in headers if name.startswith("access-control")] and headers["vary"] == "Origin"


async def test_a_browser_that_asks_before_reading_is_answered_without_the_token(serve: Serve) -> None:
    shared = await serve(overlay__host="0.0.0.0", overlay__allowed_origins=[OURS])
    for url in (shared.url, f"http://{own_address()}:{shared.server.port}"):
        status, headers = await headers_of(shared, f"{url}/api/streams", "OPTIONS", Origin=OURS, **OPTIONS)
        assert (status, headers["access-control-allow-origin"], headers["vary"]) == (204, OURS, "Origin")
        assert headers["access-control-allow-methods"] == "GET, HEAD"
        assert "authorization" in headers["access-control-allow-headers"].lower()
    status, headers = await headers_of(shared, f"{url}/api/streams", Origin=OURS)
    assert (status, headers["access-control-allow-origin"]) == (401, OURS)
    status, _ = await headers_of(shared, f"{url}/api/streams", Origin=OURS, Authorization=f"Bearer {TOKEN}")
    assert status == 200


async def test_nobody_writes_or_listens_from_another_page(shared: Served) -> None:
    for method, path in WRITES:
        wanted: dict[str, Any] = {"Access-Control-Request-Method": method}
        status, headers = await headers_of(shared, path, "OPTIONS", Origin=OURS, **wanted)
        assert status == 405 and "access-control-allow-methods" not in headers
        status, headers = await headers_of(shared, path, method, Origin=OURS, Authorization=f"Bearer {TOKEN}")
        assert status == 403 and "access-control-allow-origin" not in headers
    assert (await headers_of(shared, "/ws?page=overlay", **UPGRADE, Origin=OURS))[0] == 403


async def test_pages_are_no_data(shared: Served) -> None:
    for path in ("/", "/overlay", "/assets/overlay/overlay.js"):
        _, headers = await headers_of(shared, path, Origin=OURS)
        assert "access-control-allow-origin" not in headers and "vary" not in headers


async def test_a_proxys_name_is_ours_when_it_is_said(serve: Serve) -> None:
    served = await serve(overlay__allowed_hosts=["Overlays.Example.com"])
    for host, status in (
        ("overlays.example.com", 200),
        ("OVERLAYS.example.com:443", 200),
        ("localhost", 200),
        ("evil.overlays.example.com", 421),
        ("example.com", 421),
    ):
        assert (await served.ask("/api/streams", headers={"Host": host}))[0] == status, host
    through = {"Host": "overlays.example.com", "X-Forwarded-For": "203.0.113.9"}
    assert (await served.ask("/api/streams", headers=through))[0] == 401
    asked = {**through, "Origin": "https://overlays.example.com"}
    assert (await served.ask("/api/clear_logs", "POST", token=TOKEN, headers=asked))[0] == 200
    page = f"{served.url}/ws?page=overlay&token={TOKEN}"
    async with served.client.ws_connect(page, headers=asked) as socket:
        assert (await socket.receive_json())["t"] == "hello"
