"""What the console needs from the engine, and nothing more.

The screens know this interface only, so that a console in another process can be put behind it later. Everything but
the ``async`` commands returns at once and may be called twenty times a second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from tui_live.core.log import LogModel
from tui_live.core.status import Health, Overlays, StreamView
from tui_live.errors import TuiLiveError
from tui_live.ui.analysis_backend import AnalysisBackend
from tui_live.ui.clips_backend import ClipBackend
from tui_live.ui.history_backend import HistoryBackend
from tui_live.ui.playback_backend import PlaybackBackend
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.trends_backend import TrendsBackend


class Hit(Protocol):
    """A message that the search found; ``time_ms`` is UTC."""

    @property
    def event_id(self) -> int:
        """Its number in the database."""

    @property
    def session_id(self) -> str:
        """Its session's key."""

    @property
    def streamer(self) -> str:
        """Whose stream it was."""

    @property
    def event_type(self) -> str:
        """A comment, a caption, …"""

    @property
    def username(self) -> str:
        """The handle at the time."""

    @property
    def nickname(self) -> str:
        """The display name at the time."""

    @property
    def text(self) -> str:
        """What was said."""

    @property
    def time_ms(self) -> int:
        """When."""


class Backend(Protocol):
    """Commands, queries and models of a running engine.

    Commands raise ``TuiLiveError`` with a line for the operator.
    """

    @property
    def log(self) -> LogModel:
        """The log of all streams: a ring buffer that the log pane reads."""

    @property
    def scores(self) -> ScoreBackend:
        """Leaderboards, and the questions for the overlay."""

    @property
    def history(self) -> HistoryBackend:
        """Past sessions."""

    @property
    def analyses(self) -> AnalysisBackend:
        """Shares and engagement of sessions."""

    @property
    def clips(self) -> ClipBackend:
        """Trigger rules, clips, and OBS."""

    @property
    def trends(self) -> TrendsBackend:
        """Trending videos."""

    @property
    def playback(self) -> PlaybackBackend | None:
        """Pause and speed of the recording that is played; ``None`` where streams are live."""

    def streams(self) -> Sequence[StreamView]:
        """All streams in the order in which they were added; ``index`` is stable while the program runs."""

    def health(self) -> Health:
        """How the program is doing; rates are refreshed once a second."""

    async def event_detail(self, stream: int, kind: str, msg_id: int, time_ms: int) -> dict[str, Any] | None:
        """Everything about an event of the log (its row's stream, type, message id and time), from the database.

        ``event``, ``session`` and ``user`` with their fields, and ``raw``, the original message as a tree (``None``
        where it was not kept). ``None`` for an event that is not written: events are, within a quarter of a second.
        """

    async def stored_event(self, event_id: int) -> dict[str, Any] | None:
        """The same for an event that :meth:`search` found."""

    def search(
        self, text: str, limit: int, seconds: float | None = None, before_id: int | None = None
    ) -> AsyncIterator[Sequence[Hit]]:
        """What was said in all sessions, the newest first, in slices; to be cancelled like any task.

        ``before_id`` goes on with what is older than that event.
        Raises :class:`TimeoutError` when ``seconds`` are up, after everything found until then.
        """

    def overlays(self) -> Overlays:
        """The pages for OBS: where they are, which are connected, and why they cannot be served, if so."""

    def refuses(self, what: str) -> TuiLiveError | None:
        """Why this cannot be done here, before anything is asked: ``add``, ``remove``, ``new_session``, …"""

    def add_stream(self, name: str) -> str:
        """Watch another stream (user name, ``@name`` or live URL) from now on; returns its name as TikTok writes it."""

    def start_stream(self, name: str) -> None:
        """Start a stopped, blocked or failed stream again; one that waits tries at once."""

    async def stop_stream(self, name: str) -> None:
        """Hang up; the session stays and can go on."""

    async def remove_stream(self, name: str) -> None:
        """Stop and forget the stream. Its sessions stay in the database."""

    async def new_session(self, name: str) -> None:
        """Close the stream's session and begin a new one in the same room."""

    async def save_config(self) -> Path:
        """Write the changed settings to the configuration file, comments kept; returns its path."""

    async def close(self) -> None:
        """Hang up everywhere and return when everything is written."""
