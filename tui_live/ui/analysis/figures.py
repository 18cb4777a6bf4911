"""Whose figures are shown, and reading them: of one session, or of all of a streamer's."""

from __future__ import annotations

import time
from typing import NamedTuple

from tui_live.core.analysis import Across, Analysis
from tui_live.core.past import ACTIVE
from tui_live.errors import MissingError, TuiLiveError
from tui_live.ui.backend import Backend

#: A session that is under way is read again after so many times what the last reading took.
_REST = 20
_SEARCHED = 1000
_BEGINS = "one begins by itself when the stream goes live"


class Subject(NamedTuple):
    """Whose: a streamer, and a session's key; without a key the last session, without a streamer the last of all."""

    streamer: str
    key: str


class Figures:
    """What was found of a subject: ``one`` session, and, while ``everything`` is asked for, ``across`` all of them.

    ``part`` is how much of a reading is done, ``read_s`` when the last one ended by the monotonic clock, 0 before.
    """

    def __init__(self, backend: Backend, subject: Subject) -> None:
        self._backend = backend
        self.subject = subject
        self.everything = False
        self.one = self._known(subject.key)
        self.across: Across | None = None
        self.part = 0.0
        self.read_s = 0.0
        self._took_s = 0.0

    @property
    def found(self) -> Analysis | Across | None:
        """What there is of what is asked for."""
        return self.across if self.everything else self.one

    def open(self, subject: Subject) -> None:
        """Turn to one session; what is known of it is there at once."""
        self.subject = subject
        self.everything = False
        self.one = self._known(subject.key)

    def due(self) -> bool:
        """Whether a session that is under way may have grown, and was left alone for long enough."""
        found = self.found
        if found is None:
            return False
        sessions = found.sessions if isinstance(found, Across) else (found,)
        under_way = any(one.session.status == ACTIVE for one in sessions)
        return under_way and time.monotonic() > self.read_s + self._took_s * _REST

    async def read(self) -> None:
        """Read what is asked for. Raises :class:`~tui_live.errors.TuiLiveError`; what was found before stays then."""
        begun_s = time.monotonic()
        try:
            await (self._read_across() if self.everything else self._read_one())
        except TuiLiveError:
            self.read_s = time.monotonic()
            raise
        self.read_s = time.monotonic()
        self._took_s = self.read_s - begun_s

    def session_of(self, user_id: str) -> str:
        """The key of the session to show somebody in: of all, the newest in which they are."""
        if self.across is None or not self.everything:
            return self.subject.key
        for one in self.across.sessions:
            sharers = {each.user_id for each in one.shares.top_sharers}
            if user_id in sharers.union(each.user_id for each in one.engagement.spenders):
                return one.session.id
        return self.across.sessions[0].session.id

    def _known(self, key: str) -> Analysis | None:
        return self._backend.analyses.ready(key) if key else None

    async def _read_one(self) -> None:
        if not self.subject.key:
            self.subject = await self._last_session()
        self.one = await self._backend.analyses.analysis(self.subject.key, self._progress)

    async def _read_across(self) -> None:
        if not self.subject.streamer:
            self.subject = await self._last_session()
        try:
            self.across = await self._backend.analyses.across(self.subject.streamer, self._progress)
        except MissingError:
            # Its own remedy is a command of the shell.
            raise MissingError(f"No session of @{self.subject.streamer} was recorded yet", _BEGINS) from None

    async def _last_session(self) -> Subject:
        streamer = self.subject.streamer
        found = await self._backend.history.sessions(streamer, _SEARCHED)
        for session in found:
            if streamer in ("", session.streamer):
                return Subject(session.streamer, session.id)
        whose = f"of @{streamer} " if streamer else ""
        raise MissingError(f"No session {whose}was recorded yet", _BEGINS)

    def _progress(self, part: float) -> None:
        # It may come from a thread: only kept here, and told by the screen's timer.
        self.part = part
