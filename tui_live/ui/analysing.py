"""The app's side of shares and engagement: whose they are depends on what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui_live.ui.telling import TellingApp

if TYPE_CHECKING:
    from tui_live.ui.analysis.figures import Subject
    from tui_live.ui.app import TuiLiveApp


class AnalysingApp(TellingApp):
    """An app whose keys show the figures of the selected stream's or session's."""

    async def action_shares(self) -> None:
        """Shares: who, when, in what spikes, and what comes of them."""
        from tui_live.ui.screens.shares import SharesScreen

        await self._analyse(SharesScreen)

    async def action_engagement(self) -> None:
        """Engagement: what the audience does."""
        from tui_live.ui.screens.engagement import EngagementScreen

        await self._analyse(EngagementScreen)

    async def _analyse(self, kind: type) -> None:
        from tui_live.ui.screens.analysis import AnalysisScreen

        app = cast("TuiLiveApp", self)
        if app.backend is None or isinstance(self.screen, kind):
            return
        if isinstance(self.screen, AnalysisScreen):
            # From one to the other: Escape leads back to where both came from. Awaited: the keys that follow are its.
            await self.switch_screen(kind(app.backend, self.screen.figures.subject))
        elif not any(isinstance(screen, AnalysisScreen) for screen in self.screen_stack):
            await self.push_screen(kind(app.backend, self._subject()))

    def _subject(self) -> Subject:
        """The session that is opened or selected, else the selected stream's."""
        from tui_live.ui.analysis.figures import Subject
        from tui_live.ui.screens.sessions import Sessions
        from tui_live.ui.screens.sessions_opened import OpenedSession

        for screen in reversed(self.screen_stack):
            session = None
            if isinstance(screen, OpenedSession):
                session = screen.session
            elif isinstance(screen, Sessions):
                session = screen.list.selected
            if session is not None:
                return Subject(session.streamer, session.id)
        selected = cast("TuiLiveApp", self).main.streams.list.selected
        return Subject("", "") if selected is None else Subject(selected.name, selected.session_id)
