"""What the console needs from the engine, and nothing more.

The screens know this interface only, so that a console in another process can be put behind it later. Everything but
the ``async`` commands returns at once and may be called twenty times a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tui_live.core.log import LogModel
from tui_live.core.status import Health, StreamView


class Backend(Protocol):
    """Commands, queries and models of a running engine.

    Commands raise ``TuiLiveError`` with a line for the operator.
    """

    @property
    def log(self) -> LogModel:
        """The log of all streams: a ring buffer that the log pane reads."""

    def streams(self) -> Sequence[StreamView]:
        """All streams in the order in which they were added; ``index`` is stable while the program runs."""

    def health(self) -> Health:
        """How the program is doing; rates are refreshed once a second."""

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
