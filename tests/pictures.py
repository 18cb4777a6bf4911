"""Draws the README's pictures from the real program: ``python -m tests.pictures``. Look at them before committing.

The demo's streams run for some seconds through the real engine, without a terminal; Chromium turns what Textual drew
into a PNG.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tui_live.config import load
from tui_live.engine import Engine
from tui_live.simulator import Simulator, demo_streams
from tui_live.ui.app import Spawn, TuiLiveApp

PICTURES = Path(__file__).resolve().parents[1] / ".github" / "pictures"
#: Name of the picture: columns, rows, keys pressed before it is taken.
SHOTS = {"console": (120, 40, ()), "narrow": (80, 24, ("1",)), "wide": (200, 50, ())}
SECONDS = 25


async def draw(name: str, folder: Path) -> str:
    """One picture as SVG."""
    columns, rows, keys = SHOTS[name]
    simulator = Simulator(dict(demo_streams()), seed=11)
    await simulator.start()
    settings = folder / "config.yaml"
    settings.write_text("streams: []\n")
    overrides = {
        "streams": [stream for stream, _ in demo_streams()],
        "tiktok.web_url": simulator.web_url,
        "tiktok.webcast_url": simulator.webcast_url,
        "tiktok.sign_url": simulator.sign_url,
        "tiktok.offline_poll_seconds": 2,
        "database.path": str(folder / f"{name}.db"),
    }

    async def start(spawn: Spawn) -> Engine:
        return await Engine.create(load(settings, overrides), spawn, web=False)

    app = TuiLiveApp(start)
    async with app.run_test(size=(columns, rows)) as pilot:
        await asyncio.sleep(SECONDS)
        await pilot.press(*keys)
        await asyncio.sleep(1)
        picture = app.export_screenshot(title="tui-live")
    await simulator.close()
    return picture


def render(svg: str, target: Path, folder: Path) -> None:
    """SVG to PNG through Chromium, at twice the size, cropped to the drawing."""
    head = svg[: svg.index(">")]
    width, height = (float(value) for value in head.split('viewBox="0 0 ')[1].split('"')[0].split())
    # The fonts that Textual names lie on a web server; what is installed here is used instead.
    page = folder / "page.html"
    plain = svg.replace("Fira Code", "DejaVu Sans Mono")
    page.write_text(f"<style>body{{margin:0}}svg{{width:{width:.0f}px;display:block}}</style>{plain}")
    chromium = shutil.which("chromium") or "chromium"
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1.5")
    size = f"--window-size={width:.0f},{height:.0f}"
    subprocess.run(
        [chromium, *options, size, f"--user-data-dir={folder}/chromium", f"--screenshot={target}", page.as_uri()],
        check=True,
        capture_output=True,
    )


async def draw_overlay(folder: Path, target: Path) -> None:
    """The leaderboard overlay of a lively stream in Chromium, as OBS shows it before the chroma key."""
    from playwright.async_api import async_playwright

    scenarios = dict(demo_streams())
    simulator = Simulator(scenarios, seed=7)
    await simulator.start()
    settings = folder / "config.yaml"
    settings.write_text("streams: []\n")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    overrides = {
        "streams": list(scenarios),
        "tiktok.web_url": simulator.web_url,
        "tiktok.webcast_url": simulator.webcast_url,
        "tiktok.sign_url": simulator.sign_url,
        "database.path": str(folder / "overlay.db"),
        "overlay.port": port,
    }
    engine = await Engine.create(load(settings, overrides), lambda work, name: asyncio.create_task(work, name=name))
    await asyncio.sleep(SECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 960, "height": 540})
        await page.goto(f"http://127.0.0.1:{port}/overlay?top=5")
        await asyncio.sleep(3)
        await page.screenshot(path=target)
        await browser.close()
    await engine.close()
    await simulator.close()


async def draw_report(folder: Path, target: Path) -> None:
    """The upper part of the report of an evening with a gap and a spike of shares."""
    from playwright.async_api import async_playwright

    from tests.report.evenings import played

    page_file = folder / "report.html"
    page_file.write_text(played("spikes", 60, lost=((20, 26),), title="Friday night").page(), "utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1120, "height": 1330})
        await page.goto(page_file.as_uri())
        await page.screenshot(path=target)
        await browser.close()


def main() -> None:
    """Draw all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shot in SHOTS:
            render(asyncio.run(draw(shot, folder)), PICTURES / f"{shot}.png", folder)
            print(PICTURES / f"{shot}.png")
        asyncio.run(draw_overlay(folder, PICTURES / "overlay.png"))
        asyncio.run(draw_report(folder, PICTURES / "report.png"))


if __name__ == "__main__":
    main()
