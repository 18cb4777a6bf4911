"""What is on the question overlay, for how long still, and what comes next."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.core.status import StreamView
from tui_live.paths import styles_dir
from tui_live.ui.board_actions import BoardActions, Command
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.widgets.question_list import Entry, QuestionList
from tui_live.ui.widgets.rows_view import RowsView

#: Seconds between two looks.
TICK = 0.25
_KEYS = "Enter show  K J move  d unuse  Q clear  u undo  y copy  Esc close"


class Questions(ModalScreen[None]):
    """The queues of all streams that have one, the selected stream's first."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "board.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#question-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,i", "close", "close", id="questions.close", tooltip="Close"),
        Binding("K,shift+up", "step(-1)", "earlier", id="questions.earlier", tooltip="Move it towards the front"),
        Binding("J,shift+down", "step(1)", "later", id="questions.later", tooltip="Move it towards the end"),
        Binding("d", "unuse", "unuse", id="questions.unuse", tooltip="It is not used after all: off screen and queue"),
        Binding("Q", "clear", "clear", id="questions.clear", tooltip="Take the comment off its stream's overlay"),
        Binding("u", "undo", "undo", id="questions.undo", tooltip="Take back what was done last to this leaderboard"),
        Binding("y", "copy", "copy", id="questions.copy", tooltip="Copy the selected comment"),
    ]
    HELP = (
        "Comments that were chosen with q in the log. The one on screen stays until it is cleared or, with "
        "overlay.question_seconds, until its time is over; then the next one follows. Enter shows the marked one now."
        "\n\n"
        "After Q nothing is on screen and the others go on waiting: Enter brings one there, or the next q in the log "
        "the first of them. A reset of whoever wrote the comment clears it as well."
    )

    def __init__(
        self,
        scores: ScoreBackend,
        actions: BoardActions,
        streams: Callable[[], Sequence[StreamView]],
        selected: str | None,
    ) -> None:
        super().__init__()
        self._scores, self._actions, self._streams, self._selected = scores, actions, streams, selected
        self.list = QuestionList(id="question-list")

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        with Vertical(classes="dialog -questions"):
            yield Static(Content("Questions for the overlay"), classes="dialog-title", markup=False)
            yield self.list
            yield Static(Content(_KEYS), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Keep it up to date."""
        self.tick()
        self.set_interval(TICK, self.tick)

    def tick(self) -> None:
        """Look at all queues."""
        names = sorted((view.name for view in self._streams()), key=lambda name: name != self._selected)
        entries: list[Entry] = []
        now_ms = int(time.time() * 1000)
        seconds = self._scores.question_seconds
        for name in names:
            standings = self._scores.standings(name, 0, 0)
            if standings.shown is not None:
                been = (now_ms - standings.shown_ms) / 1000
                entries.append(Entry(name, standings.shown, 0, max(0.0, been), seconds))
            entries += [Entry(name, question, at) for at, question in enumerate(standings.waiting, 1)]
        self.list.show(entries, names if len(names) > 1 else ())

    # What a person does

    @on(RowsView.Opened)
    def _show_now(self, event: RowsView.Opened) -> None:
        """Show the selected comment now."""
        event.stop()
        self._with(lambda entry: lambda: self._scores.show(entry.stream, entry.question.msg_id))

    def action_step(self, step: int) -> None:
        """Move the selected comment."""
        self._with(lambda entry: lambda: self._scores.move(entry.stream, entry.question.msg_id, step))

    def action_unuse(self) -> None:
        """It is not used after all."""
        self._with(lambda entry: lambda: self._scores.unuse(entry.stream, entry.question))

    def action_clear(self) -> None:
        """Take the comment off the overlay of the selected one's stream."""
        self._with(lambda entry: lambda: self._scores.clear(entry.stream))

    def action_undo(self) -> None:
        """Take back what was done last in the selected one's stream, else in the selected stream."""
        entry = self.list.selected
        stream = entry.stream if entry is not None else self._selected
        if stream is not None:
            self._actions.undo(stream, self._again)

    def action_copy(self) -> None:
        """Copy the selected comment."""
        entry = self.list.selected
        if entry is not None:
            self.app.copy_to_clipboard(f"{entry.question.nickname}: {entry.question.text}")
            self.app.notify("copied", timeout=1.5, markup=False)

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)

    def _with(self, command: Callable[[Entry], Command]) -> None:
        entry = self.list.selected
        if entry is None:
            self.app.notify("no comment is chosen yet: press q in the log", timeout=2, markup=False)
        else:
            self._actions.carry_out(entry.stream, command(entry), self._again)

    def _again(self) -> None:
        if self.is_attached:
            self.tick()
