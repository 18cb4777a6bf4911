"""Nobody gets in who should not, nothing is told that should not be, and nobody holds the server up."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.conftest import free_port
from tests.web.server.conftest import TOKEN, Serve, Served, own_address, raw
from tui_live import paths
from tui_live.config.schema import Overlay
from tui_live.errors import WebError
from tui_live.logs import set_up_logging
from tui_live.web import connections, models, security
from tui_live.web.api import ROUTES
from tui_live.web.headers import HEADERS
from tui_live.web.server import WebServer
from tui_live.web.site import Site
from tui_live.web.token import overlay_token

WRITES = [(route.method, route.path) for route in ROUTES if route.writes]
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def test_nobody_is_told_to_go_on_before_they_are_let_in(served: Served) -> None:
    for path in ("/api/question", "/api/none", "/none"):
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
        assert (await raw(served.server.port, head.encode(), 2)).startswith(b"HTTP/1.1 401 "), path
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    head = f"POST /api/question?token={TOKEN} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
    writer.write(f"{head}Content-Length: 2\r\n\r\n".encode())
    async with asyncio.timeout(5):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert (await reader.readline()).startswith(b"HTTP/1.1 422 ")
    writer.close()


async def test_what_is_read_may_need_the_token_always(serve: Serve) -> None:
    served = await serve(overlay__require_token=True)
    for path in ("/api/streams", "/overlay", "/ws?page=overlay"):
        assert (await served.ask(path))[0] == 401, path
    assert (await served.ask("/api/streams", token=TOKEN))[0] == 200
    assert all(f"?token={TOKEN}" in address for address in served.server.addresses().values())


async def test_a_person_without_the_token_is_told_where_it_is(serve: Serve) -> None:
    served = await serve(overlay__require_token=True)
    for path in ("/", "/overlay", "/sessions"):
        async with served.client.get(served.url + path, headers={"Accept": "text/html,*/*"}) as answer:
            assert (answer.status, answer.content_type) == (401, "text/html")
            assert "tui-live info" in await answer.text()
    assert (await served.ask("/api/streams", headers={"Accept": "text/html"}))[1]["error"]["code"] == "token_needed"


async def test_a_write_needs_the_token_from_this_machine_too(served: Served) -> None:
    for method, path in WRITES:
        for token in (None, "wrong", TOKEN[:-1], TOKEN + "x", "x" * 5000, "ümlaut\udcff"):
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            if token is not None and not token.isascii():
                query, headers = {"token": token.encode("utf-8", "replace").decode()}, {}
            else:
                query = {}
            status, answer = await served.ask(path, method, headers=headers, params=query)
            assert (status, answer["error"]["code"]) == (401, "token_needed"), (path, token)
    for given in ({"headers": {"Authorization": f"bearer {TOKEN}"}}, {"params": {"token": TOKEN}}):
        assert (await served.ask("/api/clear_logs", "POST", **given))[0] == 200
    # What is no token does not spoil the one beside it, and no token is none.
    assert (await served.ask("/api/clear_logs?token=%ED%A0%80%FF", "POST"))[0] == 401
    assert (await served.ask("/api/clear_logs?token=", "POST"))[0] == 401


async def test_everything_needs_the_token_from_elsewhere(serve: Serve) -> None:
    served = await serve(overlay__host="0.0.0.0")
    there = f"http://{own_address()}:{served.server.port}"
    reads = [route.path.replace("{id}", "x").replace("{user}", "1") for route in ROUTES if not route.writes]
    for path in [
        "/",
        "/overlay",
        "/assets/overlay/overlay.js",
        "/ws?page=overlay",
        "/api/openapi.json",
        "/none",
        *reads,
    ]:
        status, answer = await served.ask(there + path)
        assert (status, answer["error"]["code"]) == (401, "token_needed"), path
        assert (await served.ask(there + path, token="wrong"))[0] == 401, path
    for method, path in WRITES:
        assert (await served.ask(there + path, method))[0] == 401, path
    assert (await served.ask(there + "/api/streams", token=TOKEN))[0] == 200
    assert (await served.ask(f"{there}/api/streams?token={TOKEN}"))[0] == 200
    assert (await served.ask("/api/streams"))[0] == 200


async def test_two_servers_of_a_machine_have_cookies_of_their_own() -> None:
    assert security.Gate(Overlay(), "one-token")._cookie != security.Gate(Overlay(), "other-token")._cookie


async def test_a_page_from_elsewhere_gets_its_files_and_nothing_more(serve: Serve) -> None:
    served = await serve(overlay__host="0.0.0.0")
    there = f"http://{own_address()}:{served.server.port}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{there}/overlay?token={TOKEN}") as page:
            assert page.status == 200
            cookie = page.headers["Set-Cookie"]
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
        async with browser.get(f"{there}/assets/overlay/overlay.js") as file:
            assert file.status == 200
        for path in ("/api/streams", "/metrics", "/assets/../api/streams", "/api/openapi.json", "/none"):
            async with browser.get(there + path) as answer:
                assert answer.status == 401, path
        # Its address has no token by now: neither when it is loaded anew, nor on its line.
        async with browser.get(f"{there}/overlay") as page:
            assert page.status == 200
        async with browser.ws_connect(f"{there}/ws?page=overlay") as socket:
            assert (await socket.receive_json())["t"] == "hello"
        async with browser.get(f"{there}/ws?page=overlay", headers={**UPGRADE, "Origin": "http://evil.example"}) as no:
            assert no.status == 403
        async with browser.post(f"{there}/api/clear_logs") as answer:
            assert answer.status == 401
    async with served.client.get(f"{served.url}/overlay?token=wrong") as page:
        assert "Set-Cookie" not in page.headers


async def test_the_token_is_compared_in_constant_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == b"let me in"

    monkeypatch.setattr(security.hmac, "compare_digest", compare)
    assert (await served.ask("/api/clear_logs", "POST", token=TOKEN))[0] == 401
    assert (await served.ask("/api/clear_logs", "POST", token="let me in"))[0] == 200
    assert compared == [(TOKEN.encode(), TOKEN.encode()), (b"let me in", TOKEN.encode())]
    assert security.hmac is hmac


async def test_the_token_is_in_no_log(
    served: Served, own_home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_logging("debug", served.engine._config)
    caplog.set_level(logging.DEBUG)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(served.engine.archive, "sessions", broken)
    query = f"?token={TOKEN}"
    assert (await served.ask(f"/api/sessions{query}"))[0] == 500
    assert (await served.ask(f"/none{query}"))[0] == 404
    assert (await served.ask(f"/api/streams{query}"))[0] == 200
    async with served.client.ws_connect(f"{served.url}/ws{query}&page=overlay") as socket:
        await socket.receive()
    for line in (f"GET /{query} HTTP/9.9", f"BAD\x01 /{query} HTTP/1.1", f"GET /{query}"):
        await raw(served.server.port, f"{line}\r\nHost: localhost\r\n\r\n".encode(), 1)
    await raw(served.server.port, f"GET /{query} HTTP/1.1\r\nHost: localhost\r\nBad\x00: {TOKEN}\r\n\r\n".encode(), 1)
    text = caplog.text + paths.log_file().read_text()
    assert "ZeroDivisionError" in text
    assert TOKEN not in text


def test_the_token_is_made_once_and_for_this_user_only(own_home: Path) -> None:
    old = os.umask(0)
    try:
        token = overlay_token(Overlay())
    finally:
        os.umask(old)
    file = paths.overlay_token_file()
    assert len(token) >= 24
    assert file.stat().st_mode & 0o777 == 0o600
    assert overlay_token(Overlay()) == token == file.read_text().strip()
    file.chmod(0o644)
    assert overlay_token(Overlay()) == token
    assert file.stat().st_mode & 0o777 == 0o600
    assert overlay_token(Overlay(token="configured-token")) == "configured-token"
    file.write_text("short\n")
    assert len(overlay_token(Overlay())) >= 24
    file.unlink()
    file.mkdir()
    with pytest.raises(WebError, match="overlay-token"):
        overlay_token(Overlay())
    assert list(file.parent.glob(".*")) == []


async def test_no_path_leads_out_of_the_pages(served: Served) -> None:
    secret = "config.py"
    for path in (
        *("/../", "/../../config.yaml", "/assets/../../server.py", "/%2e%2e/server.py", "/%2e%2e%2fserver.py"),
        *("/assets/%2e%2e/%2e%2e/security.py", "/assets%2f..%2f..%2ftoken.py", "/..%5c..%5cserver.py", "//etc/passwd"),
        *("/%00", "/overlay%00.html", "/overlay.html/../../token.py", "/.git/config", "/" + "a" * 5000, f"/{secret}"),
        *("/%252e%252e/server.py", "/assets", "/assets/", "/pages/overlay.html", "/api", "/API/streams"),
    ):
        answer = await raw(
            served.server.port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        assert answer.split(b" ", 2)[1] in (b"404", b"400"), path
        assert b"import" not in answer and b"root:" not in answer


def test_a_link_in_the_pages_leads_nowhere(tmp_path: Path) -> None:
    pages, secrets = tmp_path / "pages", tmp_path / "secrets"
    pages.mkdir()
    secrets.mkdir()
    (secrets / "key.js").write_text("secret")
    (pages / "index.js").write_text("page")
    (pages / "link.js").symlink_to(secrets / "key.js")
    (pages / "folder").symlink_to(secrets)
    (pages / "notes.txt").write_text("not for the world")
    site = Site(folder=pages)
    assert list(site._files) == ["index.js"]


async def test_pictures_come_without_encryption_from_a_stand_in_on_this_machine_alone(served: Served) -> None:
    origin = "http://127.0.0.1:28000"
    assert models.picture(f"{origin}/avatar/1.svg", origin) and not models.picture(f"{origin}/avatar/1.svg")
    for address in (f"{origin}0/x", f"{origin}@evil.example/x", "http://127.0.0.1/x", "http://evil.example/x", origin):
        assert not models.picture(address, origin), address
    for stand_in in ("", origin):
        server = WebServer(served.engine, Overlay(port=free_port()), TOKEN, stand_in)
        await server.start()
        async with served.client.get(f"http://127.0.0.1:{server.port}/overlay") as answer:
            policy, page = answer.headers["Content-Security-Policy"], await answer.text()
        await server.close()
        [images] = [rule.strip() for rule in policy.split(";") if rule.strip().startswith("img-src")]
        assert images == f"img-src 'self' https: data: {stand_in}".strip()
        assert policy.replace(images, "") == HEADERS["Content-Security-Policy"].replace(
            "img-src 'self' https: data:", ""
        )
        assert f'<meta name="stand-in" content="{stand_in}">' in page


async def test_a_background_is_text_in_a_page() -> None:
    site = Site('"><script>alert(1)</script>')
    html = site._files["overlay.html"].decode()
    assert "<script>alert" not in html and "&quot;&gt;&lt;script&gt;" in html
    assert f'content="{site.version}"' in html and "{{" not in html


@pytest.mark.parametrize("path", ["/api/question", "/api/stream_action"])
async def test_a_body_is_small_and_of_the_right_shape(served: Served, path: str) -> None:
    long = b'{"stream": "' + b"x" * 70_000 + b'"}'
    for body, status, code in (
        *((long, 413, "too_large"), (b"{", 400, "bad_json"), (b"", 400, "bad_json"), (b"\xff\xfe", 400, "bad_json")),
        *((b"[]", 422, "bad_body"), (b"null", 422, "bad_body"), (b'{"stream": 1}', 422, "bad_body")),
        *((b'{"stream": "a", "surprise": 1}', 422, "bad_body"), (b'{"stream": ""}', 422, "bad_body")),
        *((b'{"stream": "\\ud800"}', 400, "bad_json"), (b"[" * 60_000, 422, "bad_body")),
        (b'{"surprise": ' + b"[" * 60_000, 422, "bad_body"),
    ):
        found, answer = await served.ask(path, "POST", token=TOKEN, data=body)
        assert found == status, (body[:40], answer)
        assert answer["error"]["code"] == code, (body[:40], answer)

    async def endless():
        for _ in range(1000):
            yield b"x" * 1000

    try:
        found, _ = await served.ask(path, "POST", token=TOKEN, data=endless())
        assert found == 413
    except aiohttp.ClientError:
        pass  # cut while it was still sending
    assert (await served.ask("/api/streams"))[0] == 200


async def test_whoever_never_finishes_is_cut_and_delays_nobody(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_live.web.answers._BODY_SECONDS", 0.5)
    served = await serve(run=False)
    served.server._connections.seconds = 0.5
    await served.run()
    port = served.server.port
    head = f"POST /api/question?token={TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"

    async def drip(first: str, then: str) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = asyncio.get_running_loop().time()
        writer.write(first.encode())
        reading = asyncio.ensure_future(reader.read())
        while not reading.done():
            writer.write(then.encode())
            await asyncio.wait({reading}, timeout=0.05)
        writer.close()
        return asyncio.get_running_loop().time() - began

    async with asyncio.timeout(20):
        dripping = [
            asyncio.ensure_future(drip("", "")),
            asyncio.ensure_future(drip("GET / HTTP/1.1\r\n", "X: y\r\n")),
            asyncio.ensure_future(drip("GET /", "a")),
            asyncio.ensure_future(drip(head, "1")),
        ]
        while not all(task.done() for task in dripping):
            began = asyncio.get_running_loop().time()
            assert (await served.ask("/api/health"))[0] == 200
            assert asyncio.get_running_loop().time() - began < 1
            await asyncio.wait(dripping, timeout=0.1)
    silent, headers, line, body = [task.result() for task in dripping]
    assert max(silent, headers, line) < 5
    assert body < 15


async def test_whoever_takes_nothing_is_cut(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STUCK_SECONDS", 0.3)
    served = await serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port, limit=2**12)
    key = await served.session("ana")
    # More answers than all buffers on the way take.
    request = f"GET /api/export/session/{key}?format=json HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    writer.write(request * 20)
    async with asyncio.timeout(20):
        while len(served.server._connections.open) > 1:  # the client's own, which found out the key, is kept alive
            await asyncio.sleep(0.05)
    writer.close()
    assert reader is not None


async def test_one_connection_too_many_is_cut(serve: Serve) -> None:
    served = await serve(run=False)
    served.server._connections.most = 20
    await served.run()
    opened = [await asyncio.open_connection("127.0.0.1", served.server.port) for _ in range(40)]
    async with asyncio.timeout(10):
        while len(served.server._connections.open) != 20:
            await asyncio.sleep(0.01)
    for _, writer in opened:
        writer.close()
    async with asyncio.timeout(10):
        while served.server._connections.open:
            await asyncio.sleep(0.01)
    assert (await served.ask("/api/health"))[0] == 200


def test_connections_leave_files_to_the_database_and_to_tiktok() -> None:
    import resource

    assert connections.Connections().most <= resource.getrlimit(resource.RLIMIT_NOFILE)[0] / 2


async def test_every_answer_has_the_headers_and_none_opens_the_server_to_others(served: Served) -> None:
    key = await served.session("ana")
    asked = [
        *("/", "/overlay", "/none", "/assets/overlay/overlay.js", "/api/none", "/api/streams", "/api/sessions/none"),
        *("/api/sessions?limit=x", f"/api/export/session/{key}", f"/api/sessions/{key}/stream", "/metrics"),
        *("/api/openapi.json", "/ws?page=none", "/ws?page=overlay", f"/api/export/session/{key}?format=csv"),
    ]
    told = [("GET", path) for path in asked]
    told += [
        ("POST", "/api/question"),
        ("DELETE", "/"),
        ("POST", "/api/streams"),
        ("OPTIONS", "/api/streams"),
        ("HEAD", "/"),
    ]
    told += [("BREW", "/api/streams")]
    for method, path in told:
        async with served.client.request(method, served.url + path, headers={"Origin": served.url}) as answer:
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS, (method, path)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")]
            assert answer.status < 500
    async with served.client.get(f"{served.url}/api/streams", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421 and "Content-Security-Policy" in answer.headers
    async with served.client.ws_connect(f"{served.url}/ws?page=overlay") as socket:
        headers = socket._response.headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
    for line in ("GET / HTTP/9.9", "B\x01D / HTTP/1.1", "no request", "GET /" + "x" * 20_000 + " HTTP/1.1"):
        answer = await raw(served.server.port, f"{line}\r\nHost: localhost\r\n\r\n".encode())
        if answer:
            assert b" 400 " in answer.split(b"\r\n")[0] and b"Content-Security-Policy: default-src 'none'" in answer, (
                line
            )
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "http:" not in policy
