"""Moving in the log of all streams and in the tabs that show some of it; :mod:`log_lines` draws them.

Nothing happens per event: a tick of 50 ms looks at the model, works out which sequence numbers stand in the window, and
repaints only when they, or the figures around them, have changed.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message

from tui_live.core.log import STREAM, LogModel, Row
from tui_live.core.log_filter import LogFilter
from tui_live.core.log_index import LogReader
from tui_live.ui.log_line import Columns, plain_line
from tui_live.ui.tab_line import plain_cells
from tui_live.ui.tabs import Tab
from tui_live.ui.viewport import Viewport
from tui_live.ui.widgets.log_lines import LogLines

#: Seconds between two looks at the model.
TICK = 0.05
#: Below a dialog every how-manyth tick repaints: there Textual draws the whole screen for each.
_BEHIND_DIALOG = 10


class _Place(NamedTuple):
    """Where somebody was in a tab, for when they come back."""

    reader: LogReader
    view: Viewport
    filter: LogFilter
    find: LogFilter


class LogView(LogLines, can_focus=True):
    """Follows the end until somebody scrolls up; then it stands still and counts what is new."""

    HELP = (
        "Everything that happens, newest at the bottom. Scrolling up stops following; nothing moves under you, and the "
        "corner counts what is new.\n\n"
        'A filter shows only some lines:  type:chat,gift   user:ana   stream:alice   word   "two words"   /regex/   '
        "!not.  All terms must hold; a comma means or.\n\n"
        "The tabs beside the log (digits, left and right) show one kind of event in columns; sums are those of the "
        "session, and of gifts only what each message adds. The digit of More, pressed again, goes through the rarer "
        "kinds that have come, one by one: polls, goals, rankings and so on.\n\n"
        "q puts a comment on the overlay, or behind those that wait (i); ✓ marks it. Q takes the one that is on screen "
        "off it: of the stream shown, or of all. Those that wait go on waiting: the next q, or Enter in the queue (i), "
        "brings one on screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "follow", "follow", id="log.follow", tooltip="Go to the newest line and stay there"),
        Binding("p", "pause", "pause", id="log.pause", tooltip="Stand still, or go on; nothing is lost meanwhile"),
        Binding("x", "empty", "empty", id="log.empty", tooltip="Empty the view; events stay in the database"),
        Binding("q", "question", "to overlay", id="log.question", tooltip="Put the selected comment on the overlay"),
        Binding("w", "trigger", "trigger", show=False, id="log.trigger", tooltip="A new trigger of the selected line"),
        Binding("Q", "clear_question", "clear", show=False, id="log.clear_question", tooltip="Clear the overlay"),
        Binding("enter", "details", "line", show=False, id="log.details", tooltip="Show the selected line in full"),
        Binding("left", "tab(-1)", "tab before", show=False, id="log.tab_before", tooltip="The tab before"),
        Binding("right", "tab(1)", "next tab", show=False, id="log.tab_next", tooltip="The next tab"),
        Binding("up", "move(-1)", "up", show=False, id="log.up", tooltip="Select the line above"),
        Binding("down", "move(1)", "down", show=False, id="log.down", tooltip="Select the line below"),
        Binding("pageup", "page(-1)", "page up", show=False, id="log.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="log.page_down", tooltip="One screen down"),
        Binding("home", "oldest", "oldest", show=False, id="log.oldest", tooltip="Go to the oldest line that is held"),
        Binding("end", "follow", "newest", show=False, id="log.newest", tooltip="Go to the newest line and stay there"),
    ]

    class TabAsked(Message):
        """Somebody wants the tab before (-1) or the next one (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Opened(Message):
        """Somebody wants to see a line in full."""

        def __init__(self, row: Row, stream: str) -> None:
            super().__init__()
            self.row = row
            self.stream = stream

    class TriggerAsked(Message):
        """A trigger is to be made of a line; ``None``: none is selected."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Asked(Message):
        """The comment ``row`` of a stream is to be shown on the overlay; without one, the overlay is to be cleared."""

        def __init__(self, row: Row | None, stream: str) -> None:
            super().__init__()
            self.row = row
            self.stream = stream

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: dict[str, _Place] = {}
        self._behind = 0

    def on_mount(self) -> None:
        """Start looking at the model."""
        self.set_interval(TICK, self.tick)

    def attach(self, model: LogModel) -> None:
        """Show this model from now on."""
        self._model = model
        self.reader = LogReader(model)
        self.view = Viewport(self.reader)
        self.started = True
        self.set_filter(self.filter)

    def tick(self) -> None:
        """Catch up with the model; repaint what has changed, less often below a dialog."""
        if self.app.screen is not self.screen:
            self._behind = (self._behind + 1) % _BEHIND_DIALOG
            if self._behind:
                return
        self.reader.catch_up()
        self._check_speed()
        self.update_window()

    # Tabs

    def show_tab(self, tab: Tab) -> None:
        """Show another tab: where one was reading there, else at its end."""
        if tab.key == self.tab.key:
            return
        self._places[self.tab.key] = _Place(self.reader, self.view, self.filter, self.find)
        self.tab = tab
        self._columns = Columns(0, 0, 0)
        kept = self._places.pop(tab.key, None)
        if kept is None:
            self.reader = LogReader(self._model)
            self.view = Viewport(self.reader)
            self.find = LogFilter()
            self.set_filter(LogFilter())
            return
        self.reader, self.view, self.find = kept.reader, kept.view, kept.find
        if kept.view.follow and not kept.reader.paused:
            # Built anew from the newest line backwards: quicker to the eye than catching up from where it was left.
            self.set_filter(kept.filter)
            return
        self.filter = kept.filter
        self.restyled()
        self._drawn = ()
        self.tick()
        self._go_on()

    def show_only(self, stream: int | None) -> None:
        """Show the events of one stream, by its index, or of all."""
        if stream == self.only:
            return
        self.only = stream
        self._places.clear()
        self._columns = Columns(0, 0, 0)
        self.view.end()
        self.set_filter(self.filter)

    # What a person does

    def action_follow(self) -> None:
        """Newest line, and stay there."""
        self.view.end()
        self.update_window()

    def action_pause(self) -> None:
        """Stand still, or go on at the end."""
        if self.reader.paused:
            self.view.end()
        else:
            self.reader.pause()
        self.update_window()

    def action_empty(self) -> None:
        """Empty the view."""
        self._model.clear()
        self.view.end()
        self.reader.catch_up()
        self.update_window()

    def action_move(self, lines: int) -> None:
        """Select another line."""
        self.view.move(lines)
        self.update_window()

    def action_tab(self, step: int) -> None:
        """Ask for the tab before or the next one."""
        self.post_message(self.TabAsked(step))

    def action_page(self, pages: int) -> None:
        """Scroll by screens, one line of overlap."""
        self.view.scroll(pages * max(1, self.view.height - 1))
        self.update_window()

    def action_oldest(self) -> None:
        """Go to the oldest line."""
        self.view.home()
        self.update_window()

    def action_details(self) -> None:
        """Show the selected line in full."""
        row = self.view.selected_row()
        if row is None:
            self.app.notify("select a line first (arrow keys or mouse)", timeout=2, markup=False)
        else:
            self.post_message(self.Opened(row, self._model.stream_name(row[STREAM])))

    def action_question(self) -> None:
        """Put the selected comment on the overlay."""
        row = self.view.selected_row()
        if row is None:
            self.app.notify("select a comment first (arrow keys or mouse)", timeout=2, markup=False)
        else:
            self.post_message(self.Asked(row, self._model.stream_name(row[STREAM])))

    def action_trigger(self) -> None:
        """Make a trigger of the selected line."""
        self.post_message(self.TriggerAsked(self.view.selected_row()))

    def action_clear_question(self) -> None:
        """Take the question off the overlay: that of the stream shown, else of every one."""
        self.post_message(self.Asked(None, "" if self.only is None else self._model.stream_name(self.only)))

    def deselect(self) -> bool:
        """Take the selection or the search away; tell whether there was one."""
        if self.view.selected is None and self.find.match is None:
            return False
        self.view.selected = None
        self.set_find(LogFilter())
        return True

    def copied_text(self) -> str:
        """The selected line for the clipboard."""
        row = self.view.selected_row()
        if row is None:
            return ""
        stream = self._model.stream_name(row[STREAM])
        return plain_cells(row, self.tab, stream) if self.tab.columns else plain_line(row, stream)

    # The mouse

    def wheel(self, lines: int) -> None:
        """Scroll; down to the end follows again."""
        self.view.scroll(lines)
        self.update_window()

    def drag_to(self, part: float) -> None:
        """Scroll to a part of the log."""
        self.view.scroll_to_part(part)
        self.update_window()

    def pressed(self, offset: Offset, again: bool) -> None:
        """Select a line, open the selected one, or go to the end by the badge."""
        width, height = self.content_size
        badge = self._badge()
        if badge and offset.y == height - 1 and offset.x >= width - 1 - len(badge):
            self.action_follow()
        elif offset.y < len(self.view.rows):
            seq = self.view.rows[offset.y]
            if again and seq == self.view.selected:
                self.action_details()
            else:
                self.view.select(seq)
                self.update_window()
