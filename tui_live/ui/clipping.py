"""The app's side of triggers, clips and OBS: what keys and panes ask for is passed on to the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on

from tui_live.ui.telling import TellingApp
from tui_live.ui.widgets.log_view import LogView
from tui_live.ui.widgets.triggers_pane import TriggersView

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp
    from tui_live.ui.clip_actions import ClipActions


class ClippingApp(TellingApp):
    """An app whose keys save clips; its commands are made when the first of them is wanted."""

    def _clip_actions(self) -> ClipActions | None:
        """The commands; ``None`` while the engine starts."""
        from tui_live.ui.clip_actions import ClipActions

        app = cast("TuiLiveApp", self)
        return None if app.backend is None else ClipActions(app, app.backend)

    async def action_clips(self) -> None:
        """The clip ledger."""
        from tui_live.ui.screens.clips import Clips

        actions = self._clip_actions()
        if actions is not None and not any(isinstance(screen, Clips) for screen in self.screen_stack):
            # Awaited: the keys that follow belong to the ledger.
            await self.push_screen(Clips(actions))

    def action_clip_now(self) -> None:
        """Save a clip of the selected stream."""
        if actions := self._clip_actions():
            selected = cast("TuiLiveApp", self).main.streams.list.selected
            actions.clip_now(None if selected is None else selected.name)

    def action_connect_obs(self) -> None:
        """Connect with OBS, and say how it is doing."""
        if actions := self._clip_actions():
            actions.connect()

    def action_new_trigger(self) -> None:
        """Ask for a new rule."""
        if actions := self._clip_actions():
            actions.new_rule()

    @on(TriggersView.Asked)
    def _rule_asked(self, event: TriggersView.Asked) -> None:
        if actions := self._clip_actions():
            actions.do_to_rule(event.what, event.rule)

    @on(LogView.TriggerAsked)
    def _trigger_of_line(self, event: LogView.TriggerAsked) -> None:
        if actions := self._clip_actions():
            actions.rule_of(event.row)
