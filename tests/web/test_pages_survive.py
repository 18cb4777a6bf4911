"""The program is killed and started again: what viewers see does not blink (SPEC §7)."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from playwright.async_api import Browser

from tests.e2e.conftest import run_serve
from tui_live.simulator import SCENARIOS, Simulator

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHORT = msgspec.structs.replace(SCENARIOS["ends"], messages=500, rate=500)
STEADY = msgspec.structs.replace(SCENARIOS["lively"], rate=200, pause_when_alone=True)
#: Counts the cards whenever the page changes; what is on its way out is gone already.
_WATCH = """() => {
  const count = () => document.querySelectorAll('.card:not(.leaving)').length;
  window.fewest = count();
  window.texts = new Set();
  new MutationObserver(() => {
    window.fewest = Math.min(window.fewest, count());
    window.texts.add(document.body.innerText.includes('0 / 0'));
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


async def served(simulator: Simulator, folder: Path, *arguments: str) -> tuple[Any, int]:
    """The program on the port that it had before, if there was a time before."""
    file = folder / "c.yaml"
    before = yaml.safe_load(file.read_text())["overlay"]["port"] if file.exists() else 0
    if before:
        command = ("-m", "tui_live", "serve", "-c", str(file), "--db", str(folder / "x.db"), *arguments)
        return await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE), before
    process = await run_serve(simulator, folder, *arguments)
    return process, yaml.safe_load(file.read_text())["overlay"]["port"]


@pytest.mark.parametrize("scenario", [STEADY, SHORT], ids=["live", "over"])
async def test_cards_stay_while_the_program_is_killed_and_started_again(
    chromium: Browser, tmp_path: Path, scenario
) -> None:
    simulator = Simulator({"ana": scenario}, default=None, seed=5)
    await simulator.start()
    process, port = await served(simulator, tmp_path, "ana")
    context = await chromium.new_context(viewport={"width": 960, "height": 540})
    page = await context.new_page()
    try:
        async with asyncio.timeout(60):
            while True:
                try:
                    await page.goto(f"http://127.0.0.1:{port}/overlay?stream=ana")
                    break
                except Exception:
                    await asyncio.sleep(0.1)
        await page.wait_for_selector(".card:nth-of-type(5)", timeout=60_000)
        if scenario is SHORT:
            await simulator.wait_for("ana", lambda room: not room.live, 60)
        await asyncio.sleep(1)  # so that everything of it is written
        await page.evaluate(_WATCH)
        process.kill()
        await process.wait()
        await page.wait_for_selector("html:not([data-connection=open])", timeout=20_000)
        process, _ = await served(simulator, tmp_path, "ana")
        await page.wait_for_selector("html[data-connection=open]", timeout=60_000)
        known = "offline" if scenario is SHORT else "live"
        await page.wait_for_function(
            f"async () => (await (await fetch('/api/streams')).json()).streams[0].state === '{known}'", timeout=60_000
        )
        await asyncio.sleep(1)
        assert await page.evaluate("window.fewest") == 5
        assert await page.evaluate("[...window.texts]") in ([False], [])
    finally:
        await context.close()
        process.kill()
        await process.wait()
        await simulator.close()
