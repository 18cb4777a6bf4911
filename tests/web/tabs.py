"""Pages of one Chromium that are used again: a new window and its process cost more than most tests of a page."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, CDPSession, Error

#: The page's clock runs faster: its timers and its reading of the time. Its animations follow by another way.
_HURRY = """(() => {
  const [pace, now] = [%s, performance.now.bind(performance)];
  performance.now = () => pace * now();
  for (const name of ["setTimeout", "setInterval"]) {
    const timer = globalThis[name].bind(globalThis);
    globalThis[name] = (work, ms = 0, ...given) => timer(work, ms / pace, ...given);
  }
})()"""


class Tabs:
    """Opens pages for one test after the other; each begins without cookies, at its own size and pace.

    A page has two lists: ``complaints`` (texts of errors and warnings) and ``said`` (everything in its console, with
    where it came from). What a page stores belongs to its server, and every test has a server on a port of its own.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._idle: list[Any] = []
        self._open: list[Any] = []
        self._hurries: dict[Any, tuple[CDPSession, str]] = {}

    async def open(
        self, width: int = 1920, height: int = 1080, *, pace: float = 1, color_scheme: Any = "light", **more: Any
    ) -> Any:
        """A page at ``about:blank``. With a ``pace`` of 4 its clock and animations run four times as fast.

        ``more`` is what a context takes; such a page is not used again.
        """
        if more or not self._idle:
            page: Any = await (await self.browser.new_context(**more)).new_page()
            page.on("console", lambda line: _heard(page, line))
            page.on("pageerror", lambda error: (page.complaints.append(str(error)), page.said.append(str(error))))
            page.once_only = bool(more)
        else:
            page = self._idle.pop()
        self._open.append(page)
        page.complaints, page.said = [], []
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=color_scheme)
        if pace != 1:
            session = await page.context.new_cdp_session(page)
            await session.send("Page.enable")
            script = await session.send("Page.addScriptToEvaluateOnNewDocument", {"source": _HURRY % pace})
            await session.send("Animation.enable")
            await session.send("Animation.setPlaybackRate", {"playbackRate": pace})
            self._hurries[page] = session, script["identifier"]
        return page

    async def leave(self) -> list[str]:
        """Nothing is shown any more; returns all complaints."""
        pages, self._open = self._open, []
        complaints = [complaint for page in pages for complaint in page.complaints]
        for page in pages:
            try:
                await self._emptied(page)
            except Error:  # it was closed, or goes somewhere by itself
                await page.context.close()
            else:
                self._idle.append(page)
        return complaints

    async def _emptied(self, page: Any) -> None:
        if page.once_only:
            raise Error("used once")
        await page.goto("about:blank")
        await page.context.clear_cookies()
        if page in self._hurries:
            session, script = self._hurries.pop(page)
            await session.send("Animation.setPlaybackRate", {"playbackRate": 1})
            await session.send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
            await session.detach()


def _heard(page: Any, line: Any) -> None:
    page.said.append(f"{line.type}: {line.text} {line.location}")
    if line.type in ("error", "warning"):
        page.complaints.append(line.text)
