"""The API about shares and engagement: of a session, and of a streamer's sessions together (SPEC §9)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from aiohttp import web

from tui_live.core.analysis import Across, Analysis
from tui_live.web.answers import Refused, answer
from tui_live.web.connections import ended_with_connection
from tui_live.web.figures import facts
from tui_live.web.source import Facts, Source

#: A session that was never read takes seconds; so many may be waited for.
_MOST_WAITING = 8


class Analyses:
    """Handlers."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._waiting = 0

    async def shares(self, request: web.Request) -> web.Response:
        """The shares of a session."""
        return answer({"shares": facts((await self._session(request)).shares)})

    async def engagement(self, request: web.Request) -> web.Response:
        """The engagement of a session."""
        return answer({"engagement": facts((await self._session(request)).engagement)})

    async def shares_of_streamer(self, request: web.Request) -> web.Response:
        """The shares of a streamer's newest sessions together."""
        across = await self._streamer(request)
        return answer({"shares": {**_head(across), **facts(across.shares)}})

    async def engagement_of_streamer(self, request: web.Request) -> web.Response:
        """The engagement of a streamer's newest sessions together."""
        across = await self._streamer(request)
        return answer({"engagement": {**_head(across), **facts(across.engagement)}})

    async def _session(self, request: web.Request) -> Analysis:
        with self._room(), ended_with_connection(request):
            return await self._source.analyses.analysis(request.match_info["id"])

    async def _streamer(self, request: web.Request) -> Across:
        name = request.match_info["streamer"].strip().removeprefix("@").lower()
        with self._room(), ended_with_connection(request):
            return await self._source.analyses.across(name)

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        if self._waiting >= _MOST_WAITING:
            raise Refused(503, "busy", f"{_MOST_WAITING} wait for analyses already; try again later")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1


def _head(across: Across) -> Facts:
    return {
        "streamer_username": across.streamer,
        "session_ids": [one.session.id for one in across.sessions],
        "older_sessions": across.older,
    }
