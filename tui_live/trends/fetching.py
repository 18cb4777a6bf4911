"""One run: start a browser, gather videos, end the browser, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
import random
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tui_live.config import Trends
from tui_live.core.trends import Kind, Trouble
from tui_live.errors import TrendsError
from tui_live.trends.answers import after, no_videos
from tui_live.trends.browser import launch, trouble_of
from tui_live.trends.folder import RunFolder, remove_stale
from tui_live.trends.limits import Limits
from tui_live.trends.outcome import Fetched, Progress, Troubled, troubled
from tui_live.trends.processes import Drivers

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

    from tui_live.trends.client import Client, Gathered

log = logging.getLogger(__name__)

#: Pages that a run may take, for its time limit: TikTok sends 8 videos a page at the least.
_FEWEST_A_PAGE = 8


class _Turn:
    """TikTokApi's classes share one instance: only one run at a time."""

    taken = False


def _silent(line: str, share: float) -> None:
    pass


async def fetch(settings: Trends, limits: Limits | None = None, progress: Progress = _silent) -> Fetched | Trouble:
    """Fetch trending videos, up to ``settings.limit``.

    Ends within the limits, with the browser ended; when it is cancelled, too. Videos that were gathered before a
    trouble count. Raises :class:`TrendsError` while another run is under way.
    """
    if _Turn.taken:
        raise TrendsError("Trending videos are being fetched already", "wait until that is done")
    _Turn.taken = True
    try:
        progress("starting the browser", 0.0)
        try:
            await asyncio.to_thread(import_module, "tui_live.trends.client")
        except ImportError as error:
            log.exception("TikTokApi cannot be imported")
            return Trouble(Kind.PROGRAM, f"TikTokApi cannot be used ({error})", "install TUI Live again")
        return await _attempts(settings, limits or Limits(), progress)
    finally:
        _Turn.taken = False


async def _attempts(settings: Trends, limits: Limits, progress: Progress) -> Fetched | Trouble:
    from tui_live.trends.client import Gathered

    gathered = Gathered(settings.limit)
    delay_s = settings.rate_limit_delay_seconds
    seconds = limits.run_s + delay_s * (settings.limit / _FEWEST_A_PAGE + limits.attempts)
    token = random.randrange(len(settings.ms_tokens)) if settings.ms_tokens else 0  # noqa: S311
    trouble: Trouble | None = None
    try:
        async with asyncio.timeout(seconds):
            for attempt in range(limits.attempts):
                if attempt:
                    progress("once more, with a fresh browser", 0.05)
                    await asyncio.sleep(delay_s)
                came = await _attempt(settings, limits, progress, gathered, token + attempt)
                trouble = None if came is None else after(trouble, came)
                if came is None or not came.again:
                    break
                log.info("attempt %d: %s", attempt + 1, came.line)
    except TimeoutError:
        line = f"The run was not done within {seconds:g} s"
        trouble = after(trouble, Trouble(Kind.TIME, line, "try again, or lower trends.limit"))
    if len(gathered):
        return gathered.fetched(trouble)
    return trouble or no_videos(sum(gathered.unreadable.values()))


async def _attempt(
    settings: Trends, limits: Limits, progress: Progress, gathered: Gathered, token: int
) -> Trouble | None:
    """One browser, until there is enough or it does not go on; the browser has ended afterwards."""
    session = _Session(settings, limits, progress, gathered)
    try:
        await session.open(settings.ms_tokens[token % len(settings.ms_tokens)] if settings.ms_tokens else None)
        await session.client.gather()
        if not len(gathered):
            return no_videos(sum(gathered.unreadable.values()))
        return None
    except Troubled as error:
        return error.trouble
    except Exception as error:
        if type(error).__module__.startswith("playwright"):
            return trouble_of(error, limits.page_s)
        log.exception("TikTokApi failed")
        line = f"TikTokApi did what it never did ({type(error).__name__})"
        return Trouble(Kind.PROGRAM, line, "the log file says more; update TUI Live")
    finally:
        await session.close()


class _Session:
    """A TikTokApi with its browser."""

    def __init__(self, settings: Trends, limits: Limits, progress: Progress, gathered: Gathered) -> None:
        from tui_live.trends.client import Client

        self.client: Client = Client(gathered, limits, settings.rate_limit_delay_seconds, progress)
        self._settings = settings
        self._limits = limits
        self._drivers = Drivers()
        self._driver_runs = asyncio.Event()
        self._folder: RunFolder | None = None
        self._browser: Browser | None = None

    async def open(self, ms_token: str | None) -> None:
        """Start the browser and open TikTok. Raises :class:`Troubled`."""
        await asyncio.to_thread(remove_stale)
        self._folder = RunFolder()
        with self._folder.of_drivers():
            await self._create(ms_token)

    async def _create(self, ms_token: str | None) -> None:
        creating = asyncio.ensure_future(
            self.client.create_sessions(
                num_sessions=1,
                ms_tokens=None if ms_token is None else [ms_token],
                sleep_after=self._limits.settle_s,
                timeout=round(self._limits.page_s * 1000),
                browser_context_factory=self._context,
                page_factory=self.client.open_page,
            )
        )
        try:
            done, _ = await asyncio.wait({creating}, timeout=self._limits.start_s)
            if not done:
                line = f"The browser was not ready within {self._limits.start_s:g} s"
                raise troubled(Kind.TIME, line, "try again; a busy machine needs longer")
            creating.result()
        finally:
            await self._leave(creating)

    async def _leave(self, creating: asyncio.Future[Any]) -> None:
        """Stop what is still being created, but not before TikTokApi knows the driver that it is to stop."""
        if creating.done():
            return
        waiting = asyncio.ensure_future(self._driver_runs.wait())
        await asyncio.wait({creating, waiting}, timeout=self._limits.close_s, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        creating.cancel()
        creating.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody asks for it any more
        await asyncio.wait({creating}, timeout=self._limits.close_s)

    async def _context(self, playwright: Playwright) -> BrowserContext:
        self._driver_runs.set()
        environ = None if self._folder is None else self._folder.of_browser()
        self._browser = await launch(playwright, self._settings, self._limits, environ)
        return await self._browser.new_context(
            user_agent=self._settings.user_agent, accept_downloads=False, service_workers="block"
        )

    async def close(self) -> None:
        """End the browser and Playwright's driver, by force when they do not listen; cancelled, it does so, too."""
        closing = asyncio.ensure_future(self._close())
        cancelled: asyncio.CancelledError | None = None
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    async def _close(self) -> None:
        if not await self._ended():
            log.warning("the browser did not end within %g s", self._limits.close_s)
        folder = self._folder
        left = await asyncio.to_thread(self._drivers.kill, None if folder is None else folder.path)
        if left:
            log.info("%d processes of the browser were killed", left)
            await self._ended()  # now nothing holds it up, and Playwright lets go of what it has
        if folder is not None:
            await asyncio.to_thread(folder.remove)

    async def _ended(self) -> bool:
        try:
            async with asyncio.timeout(self._limits.close_s):
                if self._browser is not None:
                    await self._browser.close()
                await self.client.close_sessions()
        except TimeoutError:
            return False
        except Exception as error:
            log.info("the browser ended with %r", error)
        return True
