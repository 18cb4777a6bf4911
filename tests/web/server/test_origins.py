"""What the server is called, which page asks, and through whom: nothing foreign passes for ours."""

from __future__ import annotations

import socket

import pytest

from tests.web.server.conftest import TOKEN, Serve, Served, own_address, raw
from tests.web.server.test_security import UPGRADE, WRITES


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8088", "localhost.evil.example", "", "[::1", "a@b", "user@localhost"),
        *(
            "localhost/evil",
            "localhost?x",
            "[::1%25evil]",
            "[::1%eth0]",
            "localhost:70000",
            "localhost:x",
            "localhost:",
        ),
        # Anybody on a local network can answer for these: only the loopback is surely this machine's.
        *(
            socket.gethostname().replace("localhost", "the-box"),
            "the-box.local",
            "10.1.2.3",
            "0.0.0.0",
            "[::]",
            "[2001:db8::1]",
        ),
    ],
)
async def test_a_foreign_name_is_refused(served: Served, host: str) -> None:
    for method, path in [("GET", "/api/streams"), ("GET", "/overlay"), ("GET", "/ws?page=overlay"), *WRITES]:
        status, answer = await served.ask(path, method, token=TOKEN, headers={"Host": host})
        assert (status, answer["error"]["code"]) == (421, "foreign_host"), path


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:8088", "localhost.", "127.9.9.9"])
async def test_addresses_and_our_own_names_are_answered(served: Served, host: str) -> None:
    assert (await served.ask("/api/streams", headers={"Host": host}))[0] == 200


async def test_from_elsewhere_the_machines_names_are_answered(serve: Serve) -> None:
    served = await serve(overlay__host="0.0.0.0")
    there = f"http://{own_address()}:{served.server.port}/api/streams"
    for host, status in ((socket.gethostname(), 200), ("10.1.2.3", 200), ("evil.example", 421)):
        assert (await served.ask(there, token=TOKEN, headers={"Host": host}))[0] == status, host


async def test_two_hosts_or_origins_are_none(served: Served) -> None:
    port = served.server.port
    for lines, status in (
        ("Host: localhost\r\nHost: localhost", b"4"),
        (f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nOrigin: http://evil.example", b"403"),
        (f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}", b"200"),
    ):
        head = f"POST /api/clear_logs?token={TOKEN} HTTP/1.1\r\n{lines}\r\nConnection: close\r\n\r\n"
        answer = await raw(port, head.encode())
        assert answer.split(b" ")[1].startswith(status), lines


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "file://", "http://localhost:1", "https://[", ""])
async def test_another_pages_script_neither_writes_nor_listens(served: Served, origin: str) -> None:
    for method, path in WRITES:
        status, answer = await served.ask(path, method, token=TOKEN, headers={"Origin": origin})
        assert (status, answer["error"]["code"]) == (403, "foreign_origin"), path
    status, answer = await served.ask("/ws?page=overlay", headers={**UPGRADE, "Origin": origin})
    assert (status, answer["error"]["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize("origin", ["{}/", "{}/x", "HTTPS", "{}.", "{}#x", "{}@evil"])
async def test_an_origin_is_ours_to_the_letter(served: Served, origin: str) -> None:
    given = served.url.replace("http:", "https:") if origin == "HTTPS" else origin.format(served.url)
    status, _ = await served.ask("/api/clear_logs", "POST", token=TOKEN, headers={"Origin": given})
    assert status == 403
    found, _ = await served.ask("/api/clear_logs", "POST", token=TOKEN, headers={"Origin": served.url.upper()})
    assert found == 200


async def test_another_pages_script_does_not_even_read(serve: Serve) -> None:
    allowed = "https://tools.example.com"
    served = await serve(overlay__allowed_origins=[allowed])
    for site, more, status in (
        ("cross-site", {"Sec-Fetch-Mode": "no-cors"}, 403),
        ("same-site", {"Sec-Fetch-Mode": "cors", "Origin": "http://localhost:1"}, 403),
        ("cross-site", {"Sec-Fetch-Mode": "cors", "Origin": allowed}, 200),
        ("cross-site", {"Sec-Fetch-Mode": "navigate"}, 200),
        ("same-origin", {"Sec-Fetch-Mode": "cors"}, 200),
        ("none", {"Sec-Fetch-Mode": "navigate"}, 200),
    ):
        found, _ = await served.ask("/api/sessions", headers={"Sec-Fetch-Site": site, **more})
        assert found == status, (site, more)


async def test_a_browser_without_an_origin_is_asked_where_it_comes_from(served: Served) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        found, _ = await served.ask("/api/clear_logs", "POST", token=TOKEN, headers={"Sec-Fetch-Site": site})
        assert found == status, site


async def test_our_own_page_listens(served: Served) -> None:
    async with served.client.ws_connect(f"{served.url}/ws?page=overlay", origin=served.url) as socket:
        assert (await socket.receive_json())["t"] == "hello"


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"),
        "CF-Connecting-IP",
    ],
)
async def test_whoever_comes_through_a_proxy_comes_from_elsewhere(served: Served, header: str) -> None:
    for value in ("203.0.113.9", "127.0.0.1", ""):
        assert (await served.ask("/api/streams", headers={header: value}))[0] == 401
    assert (await served.ask("/api/streams", headers={header: "203.0.113.9"}, token=TOKEN))[0] == 200


async def test_only_where_a_browser_trusts_the_origin_is_it_told_to_keep_to_itself(serve: Serve) -> None:
    """Elsewhere it says in its console that it ignores this, with the page's address and so with the token."""
    served = await serve(overlay__host="0.0.0.0")
    there = f"http://{own_address()}:{served.server.port}"
    for url, more, told in ((served.url, {}, True), (there, {}, False), (there, {"X-Forwarded-Proto": "https"}, True)):
        async with served.client.get(f"{url}/overlay?token={TOKEN}", headers=more) as page:
            assert page.status == 200 and ("Cross-Origin-Opener-Policy" in page.headers) is told
