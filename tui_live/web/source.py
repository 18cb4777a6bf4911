"""What the web side needs from the engine, and nothing more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tui_live.core.analysis import Across, Analysis
from tui_live.core.clips import Clip, ClipState, ObsStatus
from tui_live.core.events import GoalData
from tui_live.core.log import LogModel
from tui_live.core.past import EventLine
from tui_live.core.questions import Question
from tui_live.core.standings import Line, Standings
from tui_live.core.status import Health, StreamView
from tui_live.core.trends import Trends as KnownTrends

Facts = dict[str, Any]
"""JSON data with the names of SPEC §4 and §11."""


class Boards(Protocol):
    """The leaderboards and questions of the streams, by the stream's name (``None``: all together)."""

    def standings(self, stream: str | None, start: int = 0, count: int = 50) -> Standings:
        """The places from ``start`` (0 is the first) on."""

    def line(self, stream: str, user_id: str) -> Line | None:
        """One person's line, wherever they stand."""

    async def ask(self, stream: str, comment: Question) -> str:
        """Choose a comment for the overlay."""

    async def clear(self, stream: str | None) -> str:
        """Take the comment off the screen."""


class Archive(Protocol):
    """What is in the database, as JSON. ``key`` is a session's key; unknown ones raise ``TuiLiveError``."""

    async def sessions(self, streamer: str, limit: int, after: str) -> tuple[list[Facts], str | None]:
        """Sessions, the newest first, behind where a page ended, and where this one does (``None``: all are told)."""

    async def session(self, key: str) -> Facts:
        """One session with its totals, gaps and the coverage of its likes."""

    async def events(
        self,
        key: str,
        *,
        types: tuple[str, ...],
        subtype: str,
        user: str,
        text: str,
        limit: int,
        before: int | None,
        raw: bool,
    ) -> tuple[list[EventLine], int | None]:
        """The newest events, or those before an id, and the id to go on from (``None``: there are no more)."""

    async def events_after(self, key: str, types: tuple[str, ...], after: int, limit: int) -> list[EventLine]:
        """The events after an id, in order."""

    async def last_event(self, key: str) -> int:
        """The id of the session's last event, 0 when it has none."""

    async def comment(self, streamer: str, event_id: int) -> Question:
        """A comment in a session of that streamer."""

    async def goals(self, key: str) -> list[GoalData]:
        """The goals of a session as they were last told."""

    async def written(self, seconds: float) -> bool:
        """Return when more events have been written (true), or after so long (false)."""

    async def participants(self, key: str, after: int, limit: int) -> tuple[list[Facts], int]:
        """Participants, the best first, after so many places; and how many there are in all."""

    async def participant(self, key: str, user: str) -> Facts:
        """One person (id, handle or ``@handle``) in a session: score, sources, gifts, comments, places."""

    def export(
        self,
        key: str,
        kind: str,
        types: tuple[str, ...],
        user: str,
        raw: bool,
        between: tuple[int | None, int | None] = (None, None),
    ) -> AsyncGenerator[bytes, None]:
        """A session's events in pieces; ``kind`` is a format of ``tui-live export``.

        ``between``: UTC milliseconds, the second not included; ``None`` is no bound.
        """


class Clips(Protocol):
    """The clip ledger, and OBS."""

    @property
    def obs(self) -> ObsStatus:
        """How OBS is doing."""

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> Sequence[Clip]:
        """Entries with these words, the newest first, without their chat; ``before``: with a smaller number."""

    async def clip(self, number: int) -> Clip:
        """One entry with its chat. Raises ``TuiLiveError``."""

    async def named(self, name: str) -> Sequence[Clip]:
        """Entries whose file has this name, in whatever folder, the newest first."""

    async def counts(self) -> Mapping[ClipState, int]:
        """How many entries are in each state; those without any are left out."""

    def connect(self) -> str:
        """Connect with OBS, or try again at once; a line about it."""


class Analyses(Protocol):
    """Shares and engagement. Both take seconds where a long session was never read; unknown ones raise."""

    async def at_hand(self, key: str) -> Analysis | None:
        """A session as it is now, within milliseconds; ``None`` where it takes longer."""

    async def analysis(self, key: str) -> Analysis:
        """A session as it is now."""

    async def across(self, streamer: str) -> Across:
        """The streamer's newest sessions, together."""


class Trends(Protocol):
    """Trending videos."""

    async def latest(self) -> KnownTrends:
        """What is known, from this run of the program or an earlier one."""


class Source(Protocol):
    """Queries return at once; commands raise ``TuiLiveError`` with a line for the operator."""

    @property
    def log(self) -> LogModel:
        """The log of all streams."""

    @property
    def scores(self) -> Boards:
        """Leaderboards and questions."""

    @property
    def archive(self) -> Archive:
        """What is in the database."""

    @property
    def clips(self) -> Clips:
        """The clip ledger, and OBS."""

    @property
    def analyses(self) -> Analyses:
        """Shares and engagement."""

    @property
    def trends(self) -> Trends:
        """Trending videos."""

    def streams(self) -> Sequence[StreamView]:
        """All streams in the order in which they were added."""

    def health(self) -> Health:
        """How the program is doing."""

    def add_stream(self, name: str) -> str:
        """Watch another stream."""

    def start_stream(self, name: str) -> None:
        """Start a stopped stream."""

    async def stop_stream(self, name: str) -> None:
        """Hang up."""

    async def remove_stream(self, name: str) -> None:
        """Stop and forget the stream."""

    async def new_session(self, name: str) -> None:
        """End its session and begin another."""

    async def save_config(self) -> Path:
        """Write the changed settings to the configuration file."""
