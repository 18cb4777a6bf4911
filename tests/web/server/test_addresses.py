"""Where the pages are is said where one looks for it, and the token only where it may be."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.e2e.conftest import free_port
from tests.web.server.conftest import own_address
from tests.web.server.studio import Studio
from tui_live import paths
from tui_live.cli import commands
from tui_live.config.schema import Overlay
from tui_live.web.hub import PAGES
from tui_live.web.server import WebServer, page_addresses


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_this_machine_an_address_needs_no_token(host: str) -> None:
    found = page_addresses(Overlay(host=host, port=9000), "secret-token")
    assert set(PAGES) < set(found)
    shown = "[::1]" if ":" in host else host
    assert found["overlay"] == f"http://{shown}:9000/overlay"
    assert "secret" not in str(found)


def test_from_elsewhere_an_address_carries_the_token() -> None:
    assert (
        page_addresses(Overlay(host="10.1.2.3"), "t0ken-t0ken")["goal"] == "http://10.1.2.3:8088/goal?token=t0ken-t0ken"
    )
    found = page_addresses(Overlay(host="0.0.0.0"), "t0ken-t0ken")
    assert found["overlay"] == f"http://{own_address()}:8088/overlay?token=t0ken-t0ken"


def test_info_shows_the_addresses_and_the_token(own_home: Path) -> None:
    Path("config.yaml").write_text("overlay: {port: 9123}\n")
    found = CliRunner().invoke(commands, ["info"], catch_exceptions=False)
    token = paths.overlay_token_file().read_text().strip()
    for page in PAGES:
        assert f"http://127.0.0.1:9123/{page}\n" in found.output
    assert token in found.output
    Path("config.yaml").write_text("overlay: {token: my-own-token, host: 192.0.2.77}\n")
    found = CliRunner().invoke(commands, ["info"], catch_exceptions=False)
    assert "http://192.0.2.77:8088/alerts?token=my-own-token\n" in found.output


async def test_serve_says_once_where_it_listens_and_never_the_token(own_home: Path) -> None:
    port = free_port()
    Path("config.yaml").write_text(f"overlay: {{port: {port}, token: my-own-token, host: 0.0.0.0}}\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui_live", "serve", "--db", "x.db"), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    said = []
    async with asyncio.timeout(60):
        while not any("overlays on" in line for line in said):
            said.append((await process.stderr.readline()).decode())
    process.terminate()
    said += (await process.stderr.read()).decode().splitlines()
    assert await process.wait() == 0
    assert [f":{port}/ (tui-live info" in line for line in said].count(True) == 1
    assert "my-own-token" not in str(said) + paths.log_file().read_text()


@pytest.mark.parametrize("host", ["a..b", "x" * 70, ".", "no such host"])
async def test_a_host_that_is_none_is_said_and_ends_nothing(host: str) -> None:
    studio = Studio("ana")
    studio.server = WebServer(studio, Overlay(host=host, port=free_port()), "t0ken-t0ken")  # type: ignore[arg-type]
    running = asyncio.create_task(studio.server.run())
    async with asyncio.timeout(30):
        while not studio.server.trouble and not running.done():
            await asyncio.sleep(0.01)
    assert not running.done()
    assert studio.server.trouble.startswith("Overlays cannot be served")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
