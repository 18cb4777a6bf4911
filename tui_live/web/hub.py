"""Pushes to overlay pages: at most ten times a second, what changed, to everybody who shows the same at once.

Nobody is asked per event. On each tick the model of every different subscription is made once, compared with what was
told last, and the difference encoded once, however many pages show it. Each page has a queue of its own, so that a slow
one delays nobody; when a megabyte waits for it, it is cut, and comes back with the whole state.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections import deque
from typing import NamedTuple

import msgspec
from aiohttp import WSMsgType, web
from msgspec import Struct

from tui_live.core.events import GoalData
from tui_live.core.log import DATA, STREAM, TIME, TYPE, USER_ID, Row
from tui_live.web import models
from tui_live.web.protocol import (
    BEAT_SECONDS,
    PUSHES_PER_SECOND,
    Alert,
    Alerts,
    Beat,
    Board,
    Goal,
    Goals,
    Hello,
    Message,
    QuestionShown,
)
from tui_live.web.source import Source

log = logging.getLogger(__name__)

PAGES = ("overlay", "question", "goal", "alerts")
#: A page that has so many bytes waiting is cut.
_BEHIND = 1_000_000
#: A page that says nothing for three heartbeats is gone.
_SILENT_SECONDS = 3.5 * BEAT_SECONDS
_MOST_PAGES = 1_000
#: What TikTok repeats after a connect is old: nobody is thanked twice or minutes late.
_FRESH_MS = 30_000
_encode = msgspec.json.Encoder().encode
_beat = msgspec.json.Decoder(Beat)


class Subscription(NamedTuple):
    """What a page shows: which page, of which stream (``None``: all together), how many places."""

    page: str
    stream: str | None = None
    top: int = 5


class PageView(Struct, frozen=True):
    """A connected page as the console shows it; times are UTC milliseconds."""

    page: str
    stream: str | None
    version: str
    remote: str
    since_ms: int
    heartbeat_ms: int


class _Page:
    """One connection: its queue and the task that empties it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, remote: str) -> None:
        self.socket = socket
        self.remote = remote
        self.version = ""
        self.since_ms = self.heartbeat_ms = _now_ms()
        self._transport = transport
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self.cut = False

    def send(self, data: bytes) -> None:
        """Queue a message; a page that is too far behind is cut."""
        if self.cut:
            return
        self._queue.append(data)
        self._waiting += len(data)
        self._wake.set()
        unsent = self._transport.get_write_buffer_size() if self._transport is not None else 0
        if self._waiting + unsent > _BEHIND:
            self.abort()

    def abort(self) -> None:
        """Cut the connection at once."""
        self.cut = True
        self._queue.clear()
        self._wake.set()
        if self._transport is not None:
            self._transport.abort()

    async def deliver(self) -> None:
        """Send what is queued, until the connection is over."""
        while not self.cut:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                data = self._queue.popleft()
                try:
                    await self.socket.send_frame(data, WSMsgType.TEXT)
                except (ConnectionError, RuntimeError):
                    return
                self._waiting -= len(data)


class _Group:
    """All pages with the same subscription, and what they were told last."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.pages: set[_Page] = set()
        self.told: Message | None = None


class Hub:
    """The connected pages. ``version`` is that of the pages' files: a page of another one reloads itself."""

    def __init__(self, source: Source, version: str) -> None:
        self._source = source
        self._version = version
        self._groups: dict[Subscription, _Group] = {}
        self._read = source.log.next_seq
        self._alert_numbers = itertools.count(1)
        self._goals: dict[int, dict[str, Goal]] = {}

    def pages(self) -> list[PageView]:
        """Who is connected, the longest first."""
        found = [
            PageView(
                *(group.subscription.page, group.subscription.stream, page.version, page.remote),
                *(page.since_ms, page.heartbeat_ms),
            )
            for group in self._groups.values()
            for page in group.pages
        ]
        return sorted(found, key=lambda page: page.since_ms)

    @property
    def count(self) -> int:
        """How many pages are connected."""
        return sum(len(group.pages) for group in self._groups.values())

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            await asyncio.sleep(1 / PUSHES_PER_SECOND)
            try:
                self.tick()
            except Exception:
                log.exception("pages could not be told what changed")

    def tick(self) -> None:
        """Tell every page what changed."""
        rows = self._new_rows()
        self._note_goals(rows)
        silent_ms = _now_ms() - round(_SILENT_SECONDS * 1000)
        for group in list(self._groups.values()):
            for page in [page for page in group.pages if page.heartbeat_ms < silent_ms]:
                page.abort()
            change = self._change(group, rows)
            if change is not None:
                data = _encode(change)
                for page in list(group.pages):
                    page.send(data)

    async def serve(self, request: web.Request, subscription: Subscription) -> web.WebSocketResponse:
        """Keep a page up to date until it goes."""
        socket = web.WebSocketResponse(max_msg_size=4096, compress=False, timeout=5)
        if self.count >= _MOST_PAGES:
            raise web.HTTPServiceUnavailable(text="too many pages are connected")
        await socket.prepare(request)
        transport = request.transport if isinstance(request.transport, asyncio.Transport) else None
        page = _Page(socket, transport, request.remote or "")
        group = self._groups.setdefault(subscription, _Group(subscription))
        page.send(_encode(Hello(self._version, subscription.stream)))
        whole = self._state(subscription)
        if whole is not None:
            self._catch_up(group, whole)
            page.send(_encode(whole))
        group.pages.add(page)
        delivering = asyncio.create_task(page.deliver(), name="overlay page")
        try:
            await self._listen(page)
        finally:
            page.cut = True
            group.pages.discard(page)
            if not group.pages:
                self._groups.pop(subscription, None)
            delivering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivering
        return socket

    async def close(self) -> None:
        """Say goodbye to every page; they come back when there is a server again."""
        pages = [page for group in self._groups.values() for page in group.pages]
        await asyncio.gather(*(_goodbye(page) for page in pages))

    # Inside

    async def _listen(self, page: _Page) -> None:
        async for message in page.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                page.version = _beat.decode(message.data).version[:64]
            except msgspec.DecodeError:
                continue
            page.heartbeat_ms = _now_ms()

    def _state(self, subscription: Subscription) -> Message | None:
        """The whole state of what a page shows."""
        page, stream, top = subscription
        if page == "overlay":
            return models.board(self._source.scores.standings(stream, 0, top), top)
        if page == "question":
            names = [stream] if stream is not None else [view.name for view in self._source.streams()]
            return models.question([self._source.scores.standings(name, 0, 0) for name in names])
        if page == "goal":
            index = self._index(stream)
            found = (goals for key, goals in self._goals.items() if index is None or key == index)
            return Goals(tuple(goal for goals in found for goal in goals.values()))
        return None

    def _change(self, group: _Group, rows: list[Row]) -> Message | None:
        if not group.pages:
            return None
        if group.subscription.page == "alerts":
            return self._alerts(group.subscription.stream, rows)
        now = self._state(group.subscription)
        before, group.told = group.told, now
        if now == before:
            return None
        if isinstance(now, Board) and isinstance(before, Board):
            return models.board_change(before, now)
        return now

    def _catch_up(self, group: _Group, whole: Message) -> None:
        """A new page gets the whole state; the others of its group must have got there, too."""
        change = self._change(group, [])
        if change is not None:
            data = _encode(change)
            for page in group.pages:
                page.send(data)
        group.told = whole

    def _alerts(self, stream: str | None, rows: list[Row]) -> Alerts | None:
        index = self._index(stream)
        since_ms = _now_ms() - _FRESH_MS
        found: list[Alert] = []
        for row in rows:
            if row[TIME] >= since_ms and models.belongs(row, index) and row[TYPE] in ("gift", "social"):
                made = models.alert(row, next(self._alert_numbers), self._avatar(row))
                if made is not None:
                    found.append(made)
        if not found:
            return None
        alerts, more = models.chosen(found)
        return Alerts(alerts, more)

    def _avatar(self, row: Row) -> str:
        line = self._source.scores.line(self._source.log.stream_name(row[STREAM]), row[USER_ID])
        return models.picture(line.avatar_url) if line is not None else ""

    def _index(self, stream: str | None) -> int | None:
        """The number of a stream's lines in the log; -1 for a stream that is not watched."""
        if stream is None:
            return None
        return next((view.index for view in self._source.streams() if view.name == stream), -1)

    def _new_rows(self) -> list[Row]:
        """The log's lines since the last tick, as far as it still holds them."""
        source = self._source.log
        start, self._read = max(self._read, source.first_seq), source.next_seq
        return [row for seq in range(start, self._read) if (row := source.row(seq)) is not None]

    def _note_goals(self, rows: list[Row]) -> None:
        for row in rows:
            if row[TYPE] == "goal" and isinstance(row[DATA], GoalData):
                goal: GoalData = row[DATA]
                made = Goal(goal.goal_type, goal.current, goal.target, goal.progress)
                self._goals.setdefault(row[STREAM], {})[goal.goal_type] = made


async def _goodbye(page: _Page) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(1):
            await page.socket.close(code=1001, message=b"the server ends")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


__all__ = ["PAGES", "Hub", "PageView", "QuestionShown", "Subscription"]
