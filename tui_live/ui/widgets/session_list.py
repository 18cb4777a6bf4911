"""Past sessions, one row each, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.core.past import PastSession
from tui_live.ui.widgets.rows_view import moving_keys
from tui_live.ui.widgets.session_rows import SessionRows

_READING = (("reading …", "row--reason"),)
_NONE = (
    ("No sessions yet.", "row--number"),
    ("", "row--reason"),
    ("A session begins by itself when a stream that is watched goes live.", "row--reason"),
    ("Everything that happens in it is kept: here it can be opened, exported", "row--reason"),
    ("and taken up again.", "row--reason"),
    ("", "row--reason"),
    ("Escape goes back; a in the streams pane adds a stream.", "row--reason"),
    ("Just looking? Quit and run", "row--reason"),
    ("tui-live demo", "row--number"),
)
_NO_MATCH = (
    ("No session matches.", "row--number"),
    ("", "row--reason"),
    ("All words must occur: streamer, key, a date, active, ended, interrupted,", "row--reason"),
    ("resumes.", "row--reason"),
    ("Escape takes the filter back.", "row--reason"),
)


def session_keys(prefix: str) -> list[Binding]:
    """What can be done to a session, wherever it is shown."""
    return [
        Binding("r", "ask('resume')", "resume", id=f"{prefix}.resume", tooltip="Go on with this session"),
        Binding("x", "ask('export')", "export", id=f"{prefix}.export", tooltip="Write its events to a file"),
        Binding("d", "ask('delete')", "delete", id=f"{prefix}.delete", tooltip="Delete it for good; asks"),
    ]


class SessionList(SessionRows, can_focus=True):
    """A list of sessions; the selection stays on its session."""

    HELP = (
        "Every session that was recorded, the newest first: one evening of one streamer.\n\n"
        "● active   ■ ended   □ interrupted: stopped, or the program was killed   ◌ resumes as soon as its stream is "
        "live\n\n"
        "A session that is resumed goes on with its leaderboard, totals and comments; the time between is a gap. "
        "/ filters by streamer, key, status and date."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask('open')", "open", id="sessions.open", tooltip="Look into it: facts, ranking, events"),
        *session_keys("sessions"),
        Binding(
            *("y", "copy", "copy key"),
            show=False,
            id="sessions.copy",
            tooltip="Copy its key, for tui-live export or replay",
        ),
        *moving_keys("sessions", "session"),
    ]

    class Asked(Message):
        """A person wants something done: ``open``, ``resume``, ``export`` or ``delete``."""

        def __init__(self, what: str, session: PastSession) -> None:
            super().__init__()
            self.what, self.session = what, session

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._started = self._filtered = False

    def show(self, sessions: Sequence[PastSession], *, filtered: bool) -> None:
        """Show these; ``filtered``: there may be others."""
        self.sessions, self._filtered, self._started = sessions, filtered, True
        self.redraw()

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Where sessions come from."""
        if not self._started:
            return _READING
        return _NO_MATCH if self._filtered else _NONE

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_ask("open")

    def action_ask(self, what: str) -> None:
        """Do something with the selected session."""
        if self.selected is not None:
            self.post_message(self.Asked(what, self.selected))

    def action_copy(self) -> None:
        """Copy the selected session's key."""
        if self.selected is not None:
            self.app.copy_to_clipboard(self.selected.id)
            self.app.notify(f"copied {self.selected.id}", timeout=1.5, markup=False)
