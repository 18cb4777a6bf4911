"""The browser that fetches trending videos: which one, and whether it starts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from msgspec import structs

from tui_live.config import Loaded, Trends
from tui_live.core.trends import Kind
from tui_live.doctor.finding import Finding, failed, ok, warning
from tui_live.trends.browser import launch
from tui_live.trends.limits import Limits
from tui_live.trends.outcome import Troubled
from tui_live.trends.processes import Drivers

if TYPE_CHECKING:
    from playwright.async_api import Playwright

HOP = "Chromium"
_LIMITS = Limits(launch_s=15.0, close_s=5.0)


async def chromium(loaded: Loaded, limits: Limits = _LIMITS) -> Finding:
    """Start the browser without a window, as a run does, and end it.

    Without a browser everything but trending videos works: that is a warning, unless one was configured.
    """
    settings = loaded.config.trends
    if not settings.headless and sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        return failed(HOP, "there is no display for a browser with a window", "set trends.headless: true")
    settings = structs.replace(settings, headless=True)
    drivers = Drivers()
    try:
        version = await _version(settings, limits)
    except Troubled as error:
        trouble = error.trouble
        if trouble.kind is Kind.BROWSER_MISSING and settings.executable_path is None:
            return warning(HOP, f"{trouble.line} (nothing else needs it)", trouble.remedy)
        return failed(HOP, trouble.line, trouble.remedy)
    finally:
        await asyncio.to_thread(drivers.kill)
    return ok(HOP, f"{settings.browser} {version} starts, for trending videos")


async def _version(settings: Trends, limits: Limits) -> str:
    async with _playwright(limits) as playwright:
        browser = await launch(playwright, settings, limits)
        return browser.version


@contextlib.asynccontextmanager
async def _playwright(limits: Limits) -> AsyncIterator[Playwright]:
    """Playwright's driver, which ends with its browsers; also where somebody gave up while it was starting."""
    from playwright.async_api import async_playwright

    starting = asyncio.ensure_future(async_playwright().start())
    try:
        yield await asyncio.shield(starting)
    finally:
        with contextlib.suppress(TimeoutError):  # whoever called kills it
            async with asyncio.timeout(limits.close_s):
                await (await starting).stop()
