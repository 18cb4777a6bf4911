"""The line above a pane: its name, what it shows, and how it is doing. Also the tabs of a narrow screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui_live.core.text import drawn
from tui_live.ui.format import fit
from tui_live.ui.widgets.line_widget import LineWidget


class PaneTitle(LineWidget):
    """``━ Log ━ type:chat ━━━━━━ ● follow ━``; the rule is heavy while the pane is ``active``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = name
        self._detail = ""
        self._state = ""
        self._active = False

    def activate(self, active: bool) -> None:
        """Whether the pane below has the focus. No class: a change of class restyles, this is one line to draw."""
        if active != self._active:
            self._active = active
            self.refresh()

    def show(self, detail: str, state: str) -> None:
        """Say what the pane shows (it may come from a stream or a person) and, at the right, how it is doing."""
        if (detail, state) != (self._detail, self._state):
            self._detail, self._state = detail, state
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The whole line."""
        width = self.content_size.width
        active = self._active
        rule = "━" if active else "─"

        def pen(name: str) -> Style:
            return self.pen(f"{name}-active" if active and name != "title--detail" else name)

        left = [Segment(rule, pen("title--rule")), Segment(f" {self._text} ", pen("title--name"))]
        used = 3 + cell_len(self._text)
        state = f" {self._state} " if self._state else ""
        if used + cell_len(state) > width:
            state = ""
        room = width - used - cell_len(state) - 4
        if self._detail and room > 6:
            detail = drawn(self._detail)
            detail = f" {fit(detail, min(room, cell_len(detail)))} "
            left += [Segment(rule, pen("title--rule")), Segment(detail, pen("title--detail"))]
            used += 1 + cell_len(detail)
        end = 1 if state else 0
        fill = max(0, width - used - cell_len(state) - end)
        left += [
            Segment(rule * fill, pen("title--rule")),
            Segment(state, pen("title--state")),
            Segment(rule * end, pen("title--rule")),
        ]
        return self.line([segment for segment in left if segment.text])


class TabTitle(PaneTitle):
    """``━ Log │ Chat │ Gifts ━━━━━━ ● follow ━``: the title of a pane with tabs. A click chooses one."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, tabs: tuple[tuple[str, str], ...]) -> None:
        """``tabs``: the key and the name of each."""
        super().__init__(tabs[0][1])
        self._tabs = tabs
        self._shown = tabs[0][0]
        self._spare = ""
        self._spans: list[tuple[int, int, str]] = []

    def offer(self, tabs: tuple[tuple[str, str], ...], shown: str, spare: str = "") -> None:
        """Other tabs from now on, of which ``shown`` is shown; where not all have room, ``spare`` gives way."""
        if (tabs, shown, spare) != (self._tabs, self._shown, self._spare):
            self._tabs, self._shown, self._spare = tabs, shown, spare
            self._text = dict(tabs)[shown]
            self.refresh()

    def choose(self, key: str) -> None:
        """Mark the tab that is shown."""
        if key != self._shown:
            self._shown = key
            self._text = next(name for tab, name in self._tabs if tab == key)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """All tabs where there is room, else the one that is shown."""
        width = self.content_size.width
        state = f" {self._state} " if self._state else ""
        tabs, gap = self._fitting(width - cell_len(state) - 2)
        self._spans = []
        if not gap or self.has_class("-alone"):
            return super().render_line(y)
        active = self._active
        rule = Segment("━" if active else "─", self.pen("title--rule-active" if active else "title--rule"))
        shown, other = self.pen("title--name-active" if active else "title--name"), self.pen("title--tab")
        segments, at = [rule], 1
        before = ""
        for key, name in tabs:
            chosen = key == self._shown
            # The brackets tell without colour which is shown.
            left = "[" if chosen else "]" if gap == 1 and before == self._shown else " "
            right = "" if gap == 1 else "]" if chosen else " "
            if gap == 3 and before:
                segments.append(Segment("│", self.pen("title--rule")))
                at += 1
            segments += [Segment(left, shown), Segment(name, shown if chosen else other), Segment(right, shown)]
            self._spans.append((at, at + len(name) + 1, key))
            at += 1 + len(name) + len(right)
            before = key
        end = Segment(" " if gap > 1 else "]" if before == self._shown else " ", shown)
        fill = max(0, width - at - 1 - cell_len(state) - 1)
        said = Segment(state, self.pen("title--state-active" if active else "title--state"))
        segments += [end, Segment(rule.text * fill, rule.style), said, rule]
        return self.line([segment for segment in segments if segment.text])

    def _fitting(self, width: int) -> tuple[tuple[tuple[str, str], ...], int]:
        """The tabs that have room, and how many cells are between two of them; 0 where they have none.

        The spare one goes before the others move together.
        """
        fewer = tuple(tab for tab in self._tabs if tab[0] != self._spare)
        for gap in (3, 2, 1):
            for tabs in (self._tabs, fewer):
                # Where no rules stand between them, a blank ends the row.
                if sum(cell_len(name) + gap for _, name in tabs) + (gap < 3) <= width:
                    return tabs, gap
        return fewer, 0

    def on_click(self, event: events.Click) -> None:
        """Show the tab that was clicked."""
        for start, end, key in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(key))


class PaneTabs(LineWidget):
    """The panes by number, for a screen that shows one at a time."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: tuple[tuple[str, str, str], ...], *, named: int = 0, id: str | None = None) -> None:
        """``panes``: the key, the id and the name of each. The first ``named`` give their names away last."""
        super().__init__(id=id)
        self._panes = panes
        self._named = named
        self._active = ""
        self._spans: list[tuple[int, int, str]] = []

    def show(self, active: str, panes: tuple[tuple[str, str, str], ...] = ()) -> None:
        """Mark the pane that is shown, of other ``panes`` from now on where there are any."""
        panes = panes or self._panes
        if (active, panes) != (self._active, self._panes):
            self._active, self._panes = active, panes
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """``[1 Streams] 2 Log 3 4``; the brackets tell without colour which is shown.

        Where not all have room, the names farthest from it go; every key stays.
        """
        names = self._names()
        segments, at, before = [], 0, False
        self._spans = []
        for (key, pane, _), name in zip(self._panes, names, strict=True):
            active = pane == self._active
            segments.append(Segment("[" if active else "]" if before else " ", self.pen("tabs--active")))
            segments.append(Segment(key, self.pen("tabs--active")))
            segments.append(Segment(name, self.pen("tabs--active" if active else "tabs--other")))
            end = at + 1 + len(key) + len(name)
            self._spans.append((at, end, pane))
            at, before = end, active
        return self.line([*segments, Segment("]" if before else " ", self.pen("tabs--active"))])

    def _names(self) -> list[str]:
        """What stands behind each key: its name, or nothing."""
        names = [" " + name for _, _, name in self._panes]
        active = next((at for at, (_, pane, _) in enumerate(self._panes) if pane == self._active), 0)
        order = sorted(range(len(names)), key=lambda at: (at < self._named, -abs(at - active)))
        over = sum(len(key) + 1 + len(name) for (key, _, _), name in zip(self._panes, names, strict=True)) + 1
        for at in order:
            if over <= self.content_size.width or at == active:
                continue
            over -= len(names[at])
            names[at] = ""
        return names

    def on_click(self, event: events.Click) -> None:
        """Show the pane whose tab was clicked."""
        for start, end, pane in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(pane))
