"""Pushes to overlay pages: at most ten times a second, what changed, to everybody who shows the same at once.

Nobody is asked per event. When its turn has come, the model of a subscription is made once, compared with what was told
last, and the difference encoded once, however many pages show it. Whoever was told something waits a tenth of a second
for more; where nothing happened for a while, what happens next is there within a few hundredths. Each page has a queue
of its own, so that a slow one delays nobody; when a megabyte waits for it, it is cut, and comes back with the whole
state.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections import deque
from typing import NamedTuple

import msgspec
from aiohttp import WSMsgType, web

from tui_live.core import times
from tui_live.core.log import FRESH, STREAM, USER_ID, Row
from tui_live.core.status import PageView
from tui_live.web import models
from tui_live.web.goals import GoalKeeper
from tui_live.web.protocol import (
    PUSHES_PER_SECOND,
    Alerts,
    Beat,
    Board,
    Goals,
    Hello,
    Message,
    QuestionShown,
)
from tui_live.web.source import Source
from tui_live.web.watched import Watched

log = logging.getLogger(__name__)

PAGES = ("overlay", "question", "goal", "alerts")
#: A page that has so many bytes waiting is cut.
_BEHIND = 1_000_000
#: A page that says nothing for so long is gone: a hidden one has its timers slowed down to one beat a minute.
SILENT_SECONDS = 150.0
#: From one push to the next: a little longer than a tenth of a second, for not all are under way equally long.
_APART_SECONDS = 1.05 / PUSHES_PER_SECOND
#: How long after a look that found nothing new the next one follows, and how soon one look may follow another.
_LOOK_SECONDS = 0.025
_LEAST_SECONDS = 0.004
#: A page that was told something a moment ago knows that the line is alive: its beat needs no answer.
_ANSWER_SECONDS = 5.0
_MOST_PAGES = 1_000
#: Pages that show the same cost as much as one; so many different ones are a tenth of a core.
_MOST_GROUPS = 100
#: A page sends a beat every ten seconds.
_MOST_FRAMES_PER_SECOND = 20
_encode = msgspec.json.Encoder().encode
_beat = msgspec.json.Decoder(Beat)


class Subscription(NamedTuple):
    """What a page shows: which page, of which stream (``None``: all together), how many places."""

    page: str
    stream: str | None = None
    top: int = 5


class _Page:
    """One connection: its queue and the task that empties it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, remote: str) -> None:
        self.socket = socket
        self.remote = remote
        self.version = ""
        self.since_ms = self.heartbeat_ms = times.now_ms()
        #: When the page was heard, and told something, last: on a clock that nobody sets.
        self.heard = self.told = time.monotonic()
        self.answered = False
        self._transport = transport
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self.cut = False

    def send(self, data: bytes) -> None:
        """Queue a message; a page that is too far behind is cut."""
        if self.cut:
            return
        self.told = time.monotonic()
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
    """All pages with the same subscription, what they were told last, and when their turn comes again."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.pages: set[_Page] = set()
        self.told: Message | None = None
        self.due = 0.0
        #: What is to be celebrated since the last push.
        self.rows: list[Row] = []
        self.failed = False


class Hub:
    """The connected pages. ``version`` is that of the pages' files: a page of another one reloads itself.

    ``stand_in`` is the origin of the stand-in for TikTok, whose pictures may be shown.
    """

    def __init__(self, source: Source, version: str, stand_in: str = "") -> None:
        self._source = source
        self._stand_in = stand_in
        self.version = version
        self._groups: dict[Subscription, _Group] = {}
        self._read = source.log.next_seq
        self._alert_numbers = itertools.count(1)
        self._goals = GoalKeeper(source)
        self._watched = Watched(source)

    def pages(self) -> list[PageView]:
        """Who is connected, the longest first."""
        found = [
            PageView(
                *(group.subscription.page, group.subscription.stream, page.version, page.remote),
                *(page.since_ms, page.heartbeat_ms, stream is None or self._watched.has(stream)),
            )
            for group in self._groups.values()
            for stream in (group.subscription.stream,)
            for page in group.pages
        ]
        return sorted(found, key=lambda page: page.since_ms)

    @property
    def count(self) -> int:
        """How many pages are connected."""
        return sum(len(group.pages) for group in self._groups.values())

    async def run(self) -> None:
        """Tell everybody in turn until cancelled."""
        while True:
            now = time.monotonic()
            due = min((group.due for group in self._groups.values()), default=now + _LOOK_SECONDS)
            await asyncio.sleep(min(max(due - now, _LEAST_SECONDS), _LOOK_SECONDS))
            self.tick(time.monotonic())

    def tick(self, now: float = math.inf) -> None:
        """Tell every page what changed, if its turn has come at ``now`` (``time.monotonic()``; without it: always).

        What goes wrong with one subscription does not touch the others.
        """
        rows = self._new_rows()
        self._goals.note(rows)
        alerts = [row for row in rows if row[FRESH] and models.is_alert(row)]
        clock = time.monotonic()
        for group in list(self._groups.values()):
            if group.subscription.page == "alerts":
                group.rows += [row for row in alerts if self._is_of(row, group.subscription.stream)]
            if group.due > now:
                continue
            for page in [page for page in group.pages if page.heard < clock - SILENT_SECONDS]:
                page.abort()
            group.due = clock + _LOOK_SECONDS
            try:
                change = self._change(group)
            except Exception:
                if not group.failed:
                    log.exception("pages of %s could not be told what changed", group.subscription)
                group.failed = True
                continue
            if change is not None:
                group.due = clock + _APART_SECONDS
                data = _encode(change)
                for page in list(group.pages):
                    page.send(data)

    async def serve(self, request: web.Request, subscription: Subscription) -> web.WebSocketResponse:
        """Keep a page up to date until it goes."""
        # Pings are answered here: aiohttp would answer any number of them without a pause.
        socket = web.WebSocketResponse(max_msg_size=4096, compress=False, timeout=5, autoping=False)
        if self.count >= _MOST_PAGES:
            raise web.HTTPServiceUnavailable(text="too many pages are connected")
        if subscription not in self._groups and len(self._groups) >= _MOST_GROUPS:
            raise web.HTTPServiceUnavailable(text="too many pages that differ are connected")
        await socket.prepare(request)
        transport = request.transport if isinstance(request.transport, asyncio.Transport) else None
        page = _Page(socket, transport, request.remote or "")
        group = self._groups.get(subscription) or _Group(subscription)
        page.send(_encode(Hello(self.version, subscription.stream)))
        # What the others of the group were told last: the next difference is one to that.
        if not group.pages:
            group.told = self._known(group, self._state(subscription))
        if group.told is not None:
            page.send(_encode(group.told))
        group.pages.add(page)
        self._groups[subscription] = group
        delivering = asyncio.create_task(page.deliver(), name="overlay page")
        try:
            await self._listen(page, group, _encode(Hello(self.version, subscription.stream)))
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

    async def _listen(self, page: _Page, group: _Group, hello: bytes) -> None:
        """Take a page's beats, and answer them: so it knows that the line is alive."""
        left, since = float(_MOST_FRAMES_PER_SECOND), time.monotonic()
        async for message in page.socket:
            now = time.monotonic()
            left, since = min(_MOST_FRAMES_PER_SECOND, left + (now - since) * _MOST_FRAMES_PER_SECOND) - 1, now
            if left < 0:
                page.abort()
                return
            await asyncio.sleep(0)  # frames that came together would come without a pause
            if message.type is WSMsgType.PING:
                await page.socket.pong(message.data)
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                page.version = _beat.decode(message.data).version[:64]
            except msgspec.DecodeError:
                continue
            page.heartbeat_ms, page.heard = times.now_ms(), time.monotonic()
            if not page.answered or page.heard - page.told >= _ANSWER_SECONDS:
                page.answered = True
                page.send(hello)
                group.due = max(group.due, page.heard + _APART_SECONDS)  # an answer is a push like any other

    def _state(self, subscription: Subscription) -> Message | None:
        """The whole state of what a page shows."""
        page, stream, top = subscription
        if page == "overlay":
            return models.board(self._source.scores.standings(stream, 0, top), top, self._stand_in)
        if page == "question":
            names = [stream] if stream is not None else set(self._source.log.stream_names.values())
            return models.question([self._source.scores.standings(name, 0, 0) for name in names], self._stand_in)
        if page == "goal":
            return Goals(self._goals.of(stream))
        return None

    def _change(self, group: _Group) -> Message | None:
        if group.subscription.page == "alerts":
            found, group.rows = group.rows, []
            return self._alerts(found) if group.pages else None
        if not group.pages:
            return None
        now = self._known(group, self._state(group.subscription))
        before, group.told = group.told, now
        if now == before:
            return None
        if isinstance(now, Board) and isinstance(before, Board):
            return models.board_change(before, now)
        return now

    def _known(self, group: _Group, state: Message | None) -> Message | None:
        """A state that may be told: as long as nothing is known, pages keep what they show."""
        page, stream, _ = group.subscription
        if state is None or (group.pages and group.told is not None):
            return state
        may_be_told = self._watched.may_be_told(stream, state) and (page != "goal" or self._goals.known(stream))
        return state if may_be_told else None

    def _is_of(self, row: Row, stream: str | None) -> bool:
        return stream is None or self._source.log.stream_name(row[STREAM]) == stream

    def _alerts(self, found: list[Row]) -> Alerts | None:
        if not found:
            return None
        dearest, left_out = models.chosen(found)
        numbers, stand_in = self._alert_numbers, self._stand_in
        made = (models.alert(row, next(numbers), self._avatar(row), stand_in) for row in dearest)
        return Alerts(tuple(made), left_out)

    def _avatar(self, row: Row) -> str:
        line = self._source.scores.line(self._source.log.stream_name(row[STREAM]), row[USER_ID])
        return line.avatar_url if line is not None else ""

    def _new_rows(self) -> list[Row]:
        """The log's lines since the last tick: also those that somebody cleared away from the screen meanwhile."""
        source = self._source.log
        start, self._read = max(self._read, source.next_seq - source.capacity), source.next_seq
        return [row for seq in range(start, self._read) if (row := source.ring[seq % source.capacity]) is not None]


async def _goodbye(page: _Page) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(1):
            await page.socket.close(code=1001, message=b"the server ends")


__all__ = ["PAGES", "Hub", "PageView", "QuestionShown", "Subscription"]
