"""TikTokApi, with every request bounded, understood and cleaned. Imported only when videos are to be fetched.

What TikTokApi does by itself: it waits for ever for an answer, goes on asking after empty lists, takes a refusal with
JSON for an answer, ends at the first entry that is not as it expects, and prints its log over the console.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout
from TikTokApi import TikTokApi
from TikTokApi.stealth import stealth_async

from tui_live.core import times
from tui_live.core.trends import Kind, Trouble, Unreadable, Video
from tui_live.trends.answers import LARGEST_ANSWER, no_signature, refusal
from tui_live.trends.browser import trouble_of
from tui_live.trends.limits import Limits
from tui_live.trends.outcome import Fetched, Progress, Troubled, troubled
from tui_live.trends.page import Page as Answer
from tui_live.trends.page import read_answer

log = logging.getLogger(__name__)

#: TikTok's own page asks for so many at once.
_AT_ONCE = 30
#: So many pages without a new video are the end.
_BARREN_PAGES = 3
#: Asks in the page, bounded in time and size, without the cache, whose lock an abandoned request would keep.
_ASK = """
async ([url, headers, milliseconds, largest]) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), milliseconds);
  try {
    const response = await fetch(url, {headers, signal: stop.signal, cache: "no-store"});
    const reader = response.body && response.body.getReader();
    const decoder = new TextDecoder();
    let text = "", size = 0;
    while (reader) {
      const {done, value} = await reader.read();
      if (done) break;
      size += value.length;
      if (size > largest) { stop.abort(); return {large: true}; }
      text += decoder.decode(value, {stream: true});
    }
    return {status: response.status, retryAfter: response.headers.get("retry-after"), text};
  } catch (error) {
    return {error: String(error && error.name), message: String(error && error.message)};
  } finally {
    clearTimeout(timer);
  }
}
"""


class Gathered:
    """The videos of a run so far, over all its browsers."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.items = 0
        self.left = 0
        self.duplicates = 0
        self.unreadable: Counter[str] = Counter()
        self._videos: dict[str, Video] = {}

    def __len__(self) -> int:
        return len(self._videos)

    @property
    def enough(self) -> bool:
        """Whether there are as many as were asked for."""
        return len(self._videos) >= self.limit

    def add(self, read: Video | Unreadable) -> Video | None:
        """An entry; returned is its video, if it is one and a new one.

        One that comes again counts once, with the larger counts: they only grow.
        """
        self.items += 1
        if isinstance(read, Unreadable):
            self.unreadable[read.why] += 1
            return None
        before = self._videos.get(read.post_id)
        if before is not None:
            self.duplicates += 1
            if read.interactions > before.interactions:
                self._videos[read.post_id] = read
            return None
        self._videos[read.post_id] = read
        return read

    def fetched(self, cut_short: Trouble | None = None) -> Fetched:
        """What came out."""
        videos = tuple(self._videos.values())[: self.limit]
        unreadable = self.unreadable + Counter({"left unread": self.left})
        return Fetched(videos, self.items, self.duplicates, dict(unreadable), cut_short)


class Client(TikTokApi):  # type: ignore[misc]
    """One browser session that gathers videos. Only one at a time can be used: TikTokApi's classes share it."""

    def __init__(self, gathered: Gathered, limits: Limits, delay_s: float, progress: Progress) -> None:
        super().__init__(logging_level=logging.WARNING, logger_name="TikTokApi")
        self.logger.handlers.clear()  # it adds one that prints on the terminal, each time
        self._gathered = gathered
        self._limits = limits
        self._delay_s = delay_s
        self._progress = progress
        self._pages = self._barren = 0

    async def open_page(self, context: BrowserContext) -> Page:
        """TikTok's page, for ``create_sessions``, with time limits from the start. Raises :class:`Troubled`."""
        page = await context.new_page()
        context.on("page", _close)  # from now on, only TikTok's own scripts open any
        page.set_default_navigation_timeout(self._limits.page_s * 1000)
        page.set_default_timeout(self._limits.page_s * 1000)
        await stealth_async(page)
        wait = page.wait_for_load_state

        async def wait_a_while(state: Any = "load", **more: Any) -> None:
            # TikTok's page may never come to rest; what signs is there long before.
            try:
                await wait(state, **more | {"timeout": self._limits.idle_s * 1000})
            except PlaywrightTimeout:
                log.debug("the page is not idle after %s s", self._limits.idle_s)

        page.wait_for_load_state = wait_a_while  # type: ignore[method-assign]
        self._progress("opening TikTok", 0.1)
        try:
            response = await page.goto("https://www.tiktok.com", wait_until="domcontentloaded")
        except PlaywrightError as error:
            raise Troubled(trouble_of(error, self._limits.page_s)) from error
        if response is not None and (refused := refusal(response.status, response.headers.get("retry-after"))):
            raise Troubled(refused)
        return page

    async def gather(self) -> None:
        """Ask for trending videos until there are enough, or no more come. Raises :class:`Troubled`."""
        async for _ in self.trending.videos(count=self._gathered.limit - len(self._gathered)):
            if self._gathered.enough:
                return

    async def make_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
        *unused: Any,
        **unused_too: Any,
    ) -> dict[str, Any]:
        """One page of videos, as ``Trending.videos`` wants it, which calls this. Raises :class:`Troubled`."""
        gathered = self._gathered
        if self._pages:
            await asyncio.sleep(self._delay_s)
        self._pages += 1
        self._progress(f"{len(gathered)} of {gathered.limit} videos", 0.3 + 0.65 * len(gathered) / gathered.limit)
        page = await self._ask(url, headers or {}, params or {})
        videos = [video for entry in page.entries if (video := gathered.add(entry)) is not None]
        gathered.left += page.left
        self._barren = 0 if videos else self._barren + 1
        more = page.more and self._barren < _BARREN_PAGES and not gathered.enough
        # TikTokApi trips over what it does not expect in an item, and we have read it already.
        plain = [{"id": each.post_id, "createTime": 0, "music": {"id": "0"}} for each in videos]
        return {"itemList": plain, "hasMore": more}

    async def _ask(self, url: str, headers: dict[str, str], params: dict[str, Any]) -> Answer:
        limits, session = self._limits, self.sessions[0]
        asked = {**(session.params or {}), **params}
        asked["count"] = min(int(asked.get("count") or _AT_ONCE), _AT_ONCE)
        asked["_"] = times.now_ms()  # no answer of before, and no request that is stuck
        try:
            if "msToken" not in asked:
                asked["msToken"] = session.ms_token or (await self.get_session_cookies(session)).get("msToken") or ""
            signed = await self._sign(f"{url}?{urlencode(asked, safe='=', quote_via=quote)}")
            async with asyncio.timeout(limits.fetch_s * 1.25):
                script = [signed, {**(session.headers or {}), **headers}, limits.fetch_s * 1000, LARGEST_ANSWER]
                answer = await session.page.evaluate(_ASK, script)
                page = await asyncio.to_thread(read_answer, answer, times.now_ms(), limits.fetch_s)
        except PlaywrightError as error:
            raise Troubled(trouble_of(error, limits.fetch_s)) from error
        except TimeoutError:
            line = f"The browser gave no answer within {limits.fetch_s:g} s"
            raise troubled(Kind.TIME, line, "try again; a busy machine needs longer") from None
        if isinstance(page, Trouble):
            raise Troubled(page)
        return page

    async def _sign(self, url: str) -> str:
        try:
            async with asyncio.timeout(self._limits.sign_s):
                return str(await self.sign_url(url, session_index=0))
        except (TimeoutError, PlaywrightTimeout):
            raise Troubled(no_signature()) from None
        except PlaywrightError:
            raise
        except Exception as error:  # the page gave back nothing, or something else than a table with a signature
            log.info("TikTok's page did not sign: %r", error)
            raise Troubled(no_signature()) from None


async def _close(page: Page) -> None:
    with contextlib.suppress(PlaywrightError):  # it is gone already, or the browser is
        await page.close()
