"""Clips as files: only those that the ledger lists, whole or in part, whatever is asked for."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from yarl import URL

from tests.web.server.conftest import TOKEN, Serve, Served, own_address, raw
from tests.web.server.ledger_files import DATA, get, put, saved
from tui_live.core.clips import ClipState
from tui_live.web import video

HOSTILE = (
    "<img src=x onerror=alert(1)>.mkv",
    'say "clip".mkv',
    "two\nlines\r\nSet-Cookie: a=b.mkv",
    "\u202egpj.exe\u2066.mkv",
    "👩‍👩‍👧‍👦 山田.mkv",
    "100 % ? # & + ; a=b.mkv",
    "{name}.MP4",
    "%2e%2e%2fx.mkv",
    "..mkv.mkv",
)


@pytest.fixture
async def clip(served: Served, folder: Path) -> str:
    """The address of a clip."""
    return await saved(served, folder / "king_clip that.mkv")


def files_open() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-", 206, (0, 1024)),
        ("bytes=0-0", 206, (0, 1)),
        ("bytes=1000-1023", 206, (1000, 1024)),
        ("bytes=1000-99999999999999999999999", 206, (1000, 1024)),
        ("Bytes= 5-6 ", 206, (5, 7)),
        ("bytes=-1", 206, (1023, 1024)),
        ("bytes=-5000", 206, (0, 1024)),
        ("bytes=1024-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=" + "9" * 5000 + "-", 416, None),
        *(
            (text, 200, (0, 1024))
            for text in ("bytes=5-4", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "0-1")
        ),
        ("bytes=٠-٣", 200, (0, 1024)),
    ],
)
async def test_a_part_is_given(served: Served, clip: str, wanted: str, status: int, part: tuple[int, int]) -> None:
    found, body, headers = await get(served, clip, Range=wanted)
    assert found == status
    if part is None:
        assert headers["Content-Range"] == "bytes */1024"
        return
    start, stop = part
    assert body == DATA[start:stop]
    assert int(headers["Content-Length"]) == stop - start
    assert headers.get("Content-Range") == (f"bytes {start}-{stop - 1}/1024" if status == 206 else None)
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "video/x-matroska"
    assert "Content-Disposition" not in headers


async def test_a_part_of_another_version_is_not_given(served: Served, clip: str, folder: Path) -> None:
    _, _, headers = await get(served, clip)
    tag, modified = headers["ETag"], headers["Last-Modified"]
    for given, status in ((tag, 206), (modified, 206), ('"x"', 200), (f"W/{tag}", 200), ("yesterday", 200)):
        assert (await get(served, clip, Range="bytes=0-3", If_Range=given))[0] == status, given
    (folder / "king_clip that.mkv").write_bytes(DATA * 2)
    assert (await get(served, clip, Range="bytes=0-3", If_Range=tag))[:2] == (200, DATA * 2)


async def test_the_head_alone_has_no_body(served: Served, clip: str) -> None:
    for more in ({}, {"Range": "bytes=0-3"}):  # parts are for GET alone
        status, body, headers = await get(served, clip, "HEAD", **more)
        assert (status, body, headers["Content-Length"]) == (200, b"", "1024")
    request = f"HEAD {URL(clip, encoded=True).raw_path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert (await raw(served.server.port, request.encode())).endswith(b"\r\n\r\n")


async def test_every_format_of_obs_has_its_type(served: Served, folder: Path) -> None:
    for ending, kind in {
        **{".mkv": "video/x-matroska", ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm"},
        **{".flv": "video/x-flv", ".ts": "video/mp2t", ".MP4": "video/mp4"},
    }.items():
        _, _, headers = await get(served, await saved(served, folder / f"clip{ending}"))
        assert headers["Content-Type"] == kind
    for ending in (".html", ".svg", "", ".mkv.js"):
        assert (await get(served, await saved(served, folder / f"page{ending}")))[0] == 404, ending


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_is_a_name_whatever_is_in_it(served: Served, folder: Path, name: str) -> None:
    await saved(served, folder / name)
    _, answer = await served.ask("/api/clips")
    assert answer["clips"][0]["file"] == name
    status, body, headers = await get(served, f"{served.url}{answer['clips'][0]['url']}?download=1")
    assert (status, body) == (200, DATA)
    said = headers["Content-Disposition"]
    assert said.isascii() and said.isprintable()
    assert said.count('"') == 2
    assert "%E2%80%AE" not in said and "%0A" not in said
    assert "Set-Cookie" not in headers
    kind, values = aiohttp.parse_content_disposition(said)
    assert kind == "attachment"
    assert values["filename"].endswith((".mkv", ".MP4"))


async def test_every_other_name_leads_nowhere(served: Served, folder: Path, clip: str) -> None:
    (folder.parent / "secret.mkv").write_bytes(b"secret")
    (folder / "unknown.mkv").write_bytes(b"secret")
    names = (
        *("unknown.mkv", "secret.mkv", "../secret.mkv", "..%2fsecret.mkv", "%2e%2e/secret.mkv", "%2e%2e%2fsecret.mkv"),
        *("..%5csecret.mkv", "..%255csecret.mkv", "%252e%252e%252fsecret.mkv", "....//secret.mkv", "%c0%ae%c0%ae/x"),
        *(quote(str(folder / "king_clip that.mkv"), safe=""), quote(str(folder / "unknown.mkv"), safe="")),
        *("clips%2Fking_clip%20that.mkv", "clips/king_clip%20that.mkv", "clips%5Cking_clip%20that.mkv"),
        *("king_clip%20that.mkv%00", "%00king_clip%20that.mkv", "king_clip%20that.mkv/", "king_clip%20that.mkv%2f"),
        *("KING_clip%20that.mkv", "king_clip%20tha_.mkv", "%25", "king%25", ".", "..", "%2e%2e", "", "%ff%fe.mkv"),
        *("%ED%A0%80.mkv", "x" * 256, "x" * 5000, "%F0%9F%98%80" * 500, "file:%2f%2fetc%2fpasswd", "CON.mkv"),
    )
    for name in names:
        request = f"GET /video/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        answer = await raw(served.server.port, request.encode())
        assert answer.startswith(b"HTTP/1.1 404 "), (name, answer)
        assert b"secret" not in answer.partition(b"\r\n\r\n")[2].replace(name.encode(), b"")
    assert (await get(served, clip))[0] == 200


async def test_what_is_no_plain_file_any_more_is_not_there(served: Served, folder: Path) -> None:
    secret = folder.parent / "secret.mkv"
    secret.write_bytes(b"secret")
    (folder / "other.mkv").write_bytes(b"other")

    def pipe(path: Path) -> None:
        os.mkfifo(path)

    def listening(path: Path) -> None:
        made = socket.socket(socket.AF_UNIX)
        made.bind(os.path.relpath(path))
        made.close()

    changes: dict[str, Callable[[Path], object]] = {
        "outside": lambda path: path.symlink_to(secret),
        "inside": lambda path: path.symlink_to(folder / "other.mkv"),
        "beside": lambda path: path.symlink_to("other.mkv"),
        "nowhere": lambda path: path.symlink_to(folder / "none"),
        "round": lambda path: path.symlink_to(path),
        "device": lambda path: path.symlink_to("/dev/zero"),
        "folder": lambda path: path.mkdir(),
        "pipe": pipe,
        "socket": listening,
        "deleted": lambda path: None,
    }
    for name, change in changes.items():
        path = folder / f"{name}.mkv"
        url = await saved(served, path)
        assert (await get(served, url))[:2] == (200, DATA)
        path.unlink()
        change(path)
        for method in ("GET", "HEAD"):
            async with asyncio.timeout(5):
                assert (await get(served, url, method))[0] == 404, name
        _, answer = await served.ask("/api/clips", params={"q": f"{name}.mkv"})
        assert answer["clips"][0]["url"] is None, name
    path = folder / "no-rights.mkv"
    url = await saved(served, path)
    path.chmod(0)
    assert (await get(served, url))[0] == (200 if os.geteuid() == 0 else 404)


@pytest.mark.parametrize("with_link", [True, False])
async def test_what_takes_a_files_place_at_the_last_moment_is_not_read(
    served: Served, folder: Path, monkeypatch: pytest.MonkeyPatch, with_link: bool
) -> None:
    path, secret = folder / "x.mkv", folder.parent / "secret.mkv"
    url = await saved(served, path)
    secret.write_bytes(b"secret")
    look = os.lstat

    def then_swapped(name: Any, **more: Any) -> os.stat_result:
        found = look(name, **more)
        if str(name) == str(path) and path.read_bytes() == DATA:
            path.rename(folder / "aside.mkv")
            path.symlink_to(secret) if with_link else secret.rename(path)
        return found

    monkeypatch.setattr(video.os, "lstat", then_swapped)
    status, body, _ = await get(served, url)
    assert status == 404
    assert b"secret" not in body


async def test_a_file_that_is_swapped_while_it_is_sent_stays_the_one_that_was_asked_for(
    served: Served, folder: Path
) -> None:
    path = folder / "big.mkv"
    data = os.urandom(1 << 20) * 24
    url = await saved(served, path, data)
    async with served.client.get(url) as answer:
        start = await answer.content.readexactly(1000)
        path.unlink()
        path.write_bytes(b"secret" * 5_000_000)
        assert start + await answer.read() == data


async def test_a_file_that_shrinks_is_cut_not_taken_for_whole(served: Served, folder: Path) -> None:
    path = folder / "big.mkv"
    url = await saved(served, path, bytes(24 << 20))
    async with served.client.get(url) as answer:
        await answer.content.readexactly(1000)
        os.truncate(path, 2000)
        with pytest.raises(aiohttp.ClientError):
            await answer.read()


async def test_a_clip_that_is_gone_for_the_ledger_is_gone(served: Served, folder: Path) -> None:
    path = folder / "x.mkv"
    path.write_bytes(DATA)
    for more in (
        *({"state": state} for state in ClipState if state not in (ClipState.SAVED, ClipState.KEPT)),
        {"size": 0},
        {"path": os.path.relpath(path)},
    ):
        await put(served, **({"path": str(path)} | more))
        assert (await get(served, f"{served.url}/video/x.mkv"))[0] == 404, more
    await put(served, path, state=ClipState.KEPT)
    assert (await get(served, f"{served.url}/video/x.mkv"))[:2] == (200, DATA)


async def test_of_two_clips_with_one_name_the_newest_is_there_or_the_one_that_is_asked_for(
    served: Served, folder: Path
) -> None:
    other = folder.parent / "other" / "x.mkv"
    other.parent.mkdir()
    for path, data in ((folder / "x.mkv", b"first"), (other, b"second")):
        url = await saved(served, path, data)
    _, answer = await served.ask("/api/clips")
    second, first = (clip["id"] for clip in answer["clips"])
    assert (await get(served, url))[1] == b"second"
    assert (await get(served, f"{url}?id={first}"))[1] == b"first"
    assert (await get(served, f"{url}?id={second}"))[1] == b"second"
    assert (await get(served, f"{url}?id=99"))[0] == 404
    assert (await get(served, f"{url}?id=x"))[0] == 400
    other.unlink()
    assert (await get(served, url))[1] == b"first"


async def test_slow_readers_delay_nobody_and_are_not_too_many(
    served: Served, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "_MOST_READERS", 6)
    url = await saved(served, folder / "big.mkv", bytes(48 << 20))
    readers = [await served.client.get(url) for _ in range(6)]  # more than there are threads
    assert [reader.status for reader in readers] == [200] * 6
    assert (await get(served, url))[0] == 503
    async with asyncio.timeout(2):
        assert (await served.ask("/api/clips"))[0] == 200
        for reader in readers[:5]:
            reader.close()
        while (await get(served, url, "HEAD"))[0] != 200:
            await asyncio.sleep(0.01)
        small = await saved(served, folder / "small.mkv")
        assert (await get(served, small))[:2] == (200, DATA)
    held = files_open()
    readers[5].close()
    async with asyncio.timeout(5):
        while files_open() >= held:
            await asyncio.sleep(0.01)


async def test_a_clip_from_elsewhere_needs_the_token_or_the_pages_cookie(serve: Serve, folder: Path) -> None:
    served = await serve(overlay__host="0.0.0.0")
    await saved(served, folder / "x.mkv")
    there = f"http://{own_address()}:{served.server.port}"
    url = f"{there}/video/x.mkv"
    assert (await get(served, url))[0] == 401
    assert (await get(served, f"{there}/video/none.mkv"))[0] == 401
    assert (await get(served, f"{url}?token={TOKEN}"))[0] == 200
    assert (await get(served, url, Authorization=f"Bearer {TOKEN}"))[0] == 200
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        for path in ("/replays/", "/replays"):
            async with browser.get(f"{there}{path}", headers={"Accept": "text/html"}) as page:
                assert (page.status, page.content_type) == (401, "text/html")
        async with browser.get(f"{there}/replays/?token={TOKEN}") as page:
            assert page.status == 200
        for method, path, status in (
            *(("GET", "/video/x.mkv", 200), ("HEAD", "/video/x.mkv", 200), ("GET", "/replays/", 200)),
            *(("GET", "/api/clips", 401), ("POST", "/video/x.mkv", 401), ("GET", "/video/../api/clips", 404)),
        ):
            async with browser.request(method, URL(there + path, encoded=True)) as answer:
                assert answer.status == status, path
        async with browser.get(url, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) as answer:
            assert answer.status == 403


async def test_a_clip_is_not_for_other_pages(served: Served, clip: str) -> None:
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"}
    assert (await served.ask(clip, headers=cross))[0] == 403
    assert (await served.ask(clip, headers={"Host": "evil.example"}))[0] == 421
    assert (await served.ask(clip, "POST", token=TOKEN))[0] == 405
    _, _, headers = await get(served, clip)
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
