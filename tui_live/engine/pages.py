"""The web side of an engine or a replay: imported late, started, watched over, and asked by the console."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_live.config import Overlay
from tui_live.core.status import Overlays
from tui_live.engine.jobs import Job, Jobs
from tui_live.errors import WebError

if TYPE_CHECKING:
    from tui_live.web.server import WebServer
    from tui_live.web.source import Source

log = logging.getLogger(__name__)


class Pages:
    """Overlays and API of ``source``, once :meth:`start` was called.

    ``stand_in`` is the origin of the stand-in for TikTok in a rehearsal. ``server`` is there when it has been imported.
    """

    def __init__(self, source: Source, settings: Overlay, stand_in: str = "") -> None:
        self.server: WebServer | None = None
        self._source = source
        self._settings = settings
        self._stand_in = stand_in
        self._trouble = ""
        self._job: Job | None = None

    def start(self, jobs: Jobs, *, patient: bool = True, told: Callable[[str], None] | None = None) -> None:
        """Serve; ``told`` hears why nothing is served.

        A port that is in use is waited for; without ``patient``, it is left to whoever has it.
        """
        self._job = jobs.start(self._serve(patient, told), "web", self._crashed)

    async def stop(self) -> None:
        """Say goodbye to every page."""
        if self._job is not None:
            await self._job.stop()

    # Queries

    @property
    def port(self) -> int:
        """The port that is listened on; 0 while there is none."""
        return 0 if self.server is None else self.server.port

    @property
    def address(self) -> str:
        """The start page's address, without the token; empty while nothing is served."""
        return self.server.address if self.server is not None and self.port else ""

    @property
    def count(self) -> int:
        """How many overlay pages are connected."""
        return 0 if self.server is None else self.server.hub.count

    @property
    def trouble(self) -> str:
        """Why nothing is served, as a line; empty while all is well."""
        return self._trouble if self.server is None else self.server.trouble

    def overlays(self) -> Overlays:
        """The pages for OBS: where they are, and which are connected."""
        server = self.server
        if server is None:
            return Overlays(trouble=self._trouble)
        return Overlays(tuple(server.addresses().items()), tuple(server.pages()), server.hub.version, server.trouble)

    def clip_address(self, number: int) -> str:
        """The page that plays a clip; empty while nothing is served."""
        return "" if self.server is None else self.server.clip_address(number)

    # Inside

    async def _serve(self, patient: bool, told: Callable[[str], None] | None) -> None:
        """Import what is needed first: half a second that nobody shall wait for."""
        from importlib import import_module

        await asyncio.to_thread(import_module, "tui_live.web.server")
        from tui_live.web.server import WebServer
        from tui_live.web.token import overlay_token

        try:
            self.server = WebServer(self._source, self._settings, overlay_token(self._settings), self._stand_in)
            await self.server.run(patient=patient)
        except WebError as problem:
            log.error("%s", problem)
            self.server, self._trouble = None, str(problem)
            if told is not None:
                told(self._trouble)

    def _crashed(self, error: Exception) -> None:
        self.server = None
        self._trouble = f"Overlays are not served any more ({error}) — restart TUI Live; see the log file"
