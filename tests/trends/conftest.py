"""The stand-in for TikTok's site, and runs that use the real TikTokApi in the real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from msgspec import structs

from tests.trends.site import Site
from tui_live.config import Trends
from tui_live.core.trends import Trouble
from tui_live.trends.fetching import fetch
from tui_live.trends.limits import Limits
from tui_live.trends.outcome import Fetched

#: Enough for a busy machine, short where something is merely waited for.
LIMITS = Limits(idle_s=0.05, settle_s=0, attempts=1)

Run = Callable[..., Awaitable[Fetched | Trouble]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def site(one_site: Site) -> Site:
    """The site, for one test."""
    one_site.plays()
    return one_site


@pytest.fixture
def run(site: Site) -> Run:
    """One run with settings and limits of the test's own."""

    async def one(limits: dict[str, Any] | None = None, progress: Any = None, **settings: Any) -> Fetched | Trouble:
        made = Trends(browser_args=site.browser_args, rate_limit_delay_seconds=0.0)
        more = {} if progress is None else {"progress": progress}
        return await fetch(structs.replace(made, **settings), structs.replace(LIMITS, **limits or {}), **more)

    return one
