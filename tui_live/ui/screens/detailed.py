"""A list that can be filtered, with everything about the selected entry beside or below it."""

from __future__ import annotations

from textual.widget import Widget

from tui_live.ui.screens.filtered import FilteredScreen
from tui_live.ui.widgets.pane_title import PaneTitle


class DetailedScreen(FilteredScreen):
    """``about`` has the details under ``about_title``. Its bindings also name the action ``other``."""

    about_title: PaneTitle
    about: Widget

    def on_screen_resume(self) -> None:
        """At first, and when something above was left."""
        self.look()

    def on_descendant_focus(self) -> None:
        """The heavy line is above what the keys reach."""
        self.title_line.activate(self.focused is not self.about)
        self.about_title.activate(self.focused is self.about)

    def action_other(self) -> None:
        """From the list to the details, and back."""
        (self.list if self.focused is self.about else self.about).focus()

    def action_back(self) -> None:
        """One thing back: the details, the filter, then the screen."""
        if self.focused is self.about:
            self.list.focus()
        else:
            super().action_back()
