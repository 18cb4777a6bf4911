"""The API about shares and engagement: of a session, and of a streamer's sessions together (SPEC §9)."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

from aiohttp import web

from tui_live.core.analysis import Across, Analysis
from tui_live.web.answers import Refused, answer
from tui_live.web.connections import ended_with_connection
from tui_live.web.figures import facts
from tui_live.web.source import Facts, Source

#: A session that was never read takes seconds. Of so many, results may be waited for, by whatever number of requests.
_MOST_COUNTED = 8


class Analyses:
    """Handlers."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: Who waits for what: a session's key, or "@" and a streamer's name.
        self._waiting: Counter[str] = Counter()

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
        key, analyses = request.match_info["id"], self._source.analyses
        with ended_with_connection(request):
            found = await analyses.at_hand(key)
            if found is not None:
                return found
            with self._room(key):
                return await analyses.analysis(key)

    async def _streamer(self, request: web.Request) -> Across:
        name = request.match_info["streamer"].strip().removeprefix("@").lower()
        with self._room(f"@{name}"), ended_with_connection(request):
            return await self._source.analyses.across(name)

    @contextlib.contextmanager
    def _room(self, what: str) -> Iterator[None]:
        if what not in self._waiting and len(self._waiting) >= _MOST_COUNTED:
            raise Refused(503, "busy", f"{_MOST_COUNTED} analyses are being computed already; try again later")
        self._waiting[what] += 1
        try:
            yield
        finally:
            self._waiting[what] -= 1
            if not self._waiting[what]:
                del self._waiting[what]


def _head(across: Across) -> Facts:
    return {
        "streamer_username": across.streamer,
        "session_ids": [one.session.id for one in across.sessions],
        "older_sessions": across.older,
    }
