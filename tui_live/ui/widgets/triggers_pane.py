"""The trigger rules, one row each: what they look for, how often they matched, and what became of the last clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message

from tui_live.ui.format import full
from tui_live.ui.trigger_row import TriggerColumns, draw_row, header, label_of
from tui_live.ui.widgets.pane_title import PaneTitle
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

if TYPE_CHECKING:
    from tui_live.core.triggers import RuleView
    from tui_live.ui.clips_backend import ClipBackend

_EMPTY = (
    ("No triggers yet.", "row--number"),
    ("When the chat says a word that you", "row--reason"),
    ("choose, OBS saves the last moments.", "row--reason"),
    ("t adds one; w in the log makes one", "row--reason"),
    ("of a line; c saves a clip by hand.", "row--reason"),
)


class TriggersView(RowsView, can_focus=True):
    """A list of rules; the selection stays on its rule."""

    HELP = (
        "What saves a clip of OBS's replay buffer: a word in the chat, a gift of so many coins, or a spike of chat, "
        "gifts or shares.\n\n"
        "● on   ○ off   ✕ cannot be used: the last column says why\n\n"
        "hits fired; held fell into a cooldown; next is when the rule may fire again. text stands anywhere in a "
        "message, word by itself, regex is a regular expression. The last column is the latest clip's file, or why "
        "there is none. Enter edits a rule and tries it on a sample or on a recorded session; S keeps the rules in "
        "config.yaml."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "ask('switch')", "on/off", id="triggers.switch", tooltip="Switch the selected rule on or off"),
        Binding("enter", "ask('edit')", "edit", id="triggers.edit", tooltip="Edit or try the selected rule"),
        Binding("d", "ask('remove')", "remove", id="triggers.remove", tooltip="Remove the selected rule; u undoes it"),
        *moving_keys("triggers", "rule"),
    ]

    class Asked(Message):
        """A person wants something done to a rule: ``switch``, ``edit`` or ``remove``; or to all of them: ``undo``."""

        def __init__(self, what: str, rule: RuleView | None) -> None:
            super().__init__()
            self.what, self.rule = what, rule

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rules: Sequence[RuleView] = ()
        self._columns = TriggerColumns.for_width(0)
        self.started = False

    @property
    def selected(self) -> RuleView | None:
        """The rule under the selection."""
        return None if self.cursor is None else self._rules[self.cursor]

    def show(self, rules: Sequence[RuleView]) -> None:
        """Show these."""
        other = len(rules) != len(self._rules)
        self._rules, self.started = rules, True
        if other:
            self.refresh(layout=True)
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Every rule and the line above them; the style sheet says how much of that there is room for."""
        return len(self._rules) + 1 if self._rules else len(_EMPTY) + 1

    def row_count(self) -> int:
        """How many rules there are."""
        return len(self._rules)

    def row_key(self, index: int) -> int:
        """A rule's number."""
        return self._rules[index].rule.number

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._columns = TriggerColumns.for_width(width)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._columns), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One rule."""
        return draw_row(self._rules[index], self._columns, self.pen, "▸" if selected else " ")

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """What triggers are for, and how to add one."""
        return _EMPTY if self.started else (("starting …", "row--reason"),)

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_ask("edit")

    def copied_text(self) -> str:
        """What the selected rule looks for."""
        return "" if self.selected is None else label_of(self.selected.rule)

    def action_ask(self, what: str) -> None:
        """Do something with the selected rule."""
        if self.selected is not None:
            self.post_message(self.Asked(what, self.selected))


class TriggersPane(Vertical):
    """Title and list; looked at with the streams, never per message."""

    def __init__(self) -> None:
        super().__init__(id="triggers", classes="pane")
        self.title = PaneTitle("Triggers")
        self.list = TriggersView(id="triggers-view")
        self._backend: ClipBackend | None = None

    def compose(self) -> ComposeResult:
        """Title above list."""
        yield self.title
        yield self.list

    def attach(self, backend: ClipBackend) -> None:
        """Show these rules."""
        self._backend = backend

    def tick(self) -> None:
        """Look at the rules, where there is anything to be seen."""
        if self.list.is_on_screen or not self.list.started:
            self.look()

    def look(self) -> None:
        """Show the rules as they are now."""
        if self._backend is None:
            return
        rules = self._backend.rules()
        self.list.show(rules)
        on = sum(view.rule.enabled and not view.trouble for view in rules)
        hits = sum(view.matches for view in rules)
        detail = f"{on} of {len(rules)} on" if rules else ""
        self.title.show(detail, f"{full(hits)} {'hit' if hits == 1 else 'hits'}" if hits else "")
