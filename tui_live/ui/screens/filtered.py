"""A screen with one list that can be filtered by what is typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.screen import Screen
from textual.widget import Widget

from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from textual.worker import WorkType

#: Seconds after the last key press until a filter is tried.
_PATIENCE = 0.1


class FilteredScreen(Screen[None]):
    """``filter`` is what the list is reduced to. Who inherits has a title line and a list, and reads in ``read``.

    Its bindings name the actions ``filter`` and ``back``.
    """

    #: What the prompt says may be typed.
    FILTER_HINT: ClassVar[str] = ""
    title_line: PaneTitle
    list: Widget

    def __init__(self) -> None:
        super().__init__()
        self.filter = ""
        self._prompt: Prompt | None = None
        self._before = ""

    async def read(self, patience: float) -> None:
        """Read the list after so many seconds, in which another key may come, and show it."""
        raise NotImplementedError

    def look(self, *, patience: float = 0.0) -> None:
        """Read the list again; whoever is reading it stops."""
        work = cast("WorkType[None]", partial(self.read, patience))
        self.run_worker(work, name="list", group="look", exclusive=True, exit_on_error=False)

    async def action_filter(self) -> None:
        """Type a filter."""
        if self._prompt is not None:
            return
        self._before = self.filter
        self._prompt = Prompt(self.FILTER_HINT, self.filter)
        await self.mount(self._prompt, after=self.title_line)
        # At once, not at the next idle moment: the keys that follow belong to the prompt.
        self.set_focus(self._prompt.input)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        """Try it while it is typed."""
        event.stop()
        self._use(event.value, _PATIENCE)

    async def on_prompt_closed(self, event: Prompt.Closed) -> None:
        """Keep what was typed, or go back to what was there before."""
        event.stop()
        prompt, self._prompt = self._prompt, None
        self._use(event.value if event.kept else self._before)
        if prompt is not None:
            await prompt.remove()
        self.list.focus()

    def _use(self, text: str, patience: float = 0.0) -> None:
        if text != self.filter:
            self.filter = text
            self.look(patience=patience)

    def action_back(self) -> None:
        """One thing back: the filter, then the screen."""
        if self.filter:
            self._use("")
        else:
            self.dismiss(None)
