"""One person of a stream: their line on the leaderboard, live, and everything that their score is made of."""

from __future__ import annotations

import time
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from tui_live.core.account import Account
from tui_live.core.questions import Question
from tui_live.core.scoring import shown
from tui_live.core.standings import Line
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.account_rows import SUBJECTS, exact
from tui_live.ui.board_actions import BoardActions, Command
from tui_live.ui.format import fit, fit_parts
from tui_live.ui.person_words import known_facts
from tui_live.ui.places import drawn_places
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.widgets.account_list import AccountList
from tui_live.ui.widgets.board_head import person_facts
from tui_live.ui.widgets.line_widget import LineWidget

#: Seconds between two looks at the line, and the least between two readings of the events behind it.
TICK, _AGAIN_S = 0.5, 5.0
#: A reading may take this part of the time.
_PART = 0.05
_PLOT = 3
#: Points that differ by less are the same: they are fractions, and some numbers have many digits.
_SAME = 0.005
_NAMES = 12
#: Lines of a window that has room above the list for all that is known of somebody.
_TALL = 30
_KEYS = "←→ subject  q to overlay  d unuse  u undo  r reset  y copy  Esc close"


def counted_otherwise(line: Line, account: Account) -> str:
    """That a line was counted under other rules than the present ones, by which ``account`` is made of its events.

    Empty where both come to the same. They must be of one moment.
    """
    if abs(line.points - account.points) > _SAME:
        return f"under other rules; today's make {exact(account.points)} (see tui-live rescore)"
    used = shown(account.used.points, account.scale)
    return "in part under other rules (see tui-live rescore)" if used != line.used_score else ""


class PersonHead(LineWidget):
    """What the leaderboard and TikTok know of them, and their places over time."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: list[tuple[str, str]] = []
        self._places: tuple[tuple[int, int], ...] = ()
        self._now_ms = 0
        self._plot: tuple[str, ...] = ()

    def show(self, line: Line | None, account: Account | None, now_ms: int, otherwise: str = "") -> None:
        """Take over how they stand; the present place is the history's last. ``otherwise``: what is odd about that."""
        seen = (account.first_ms, account.last_ms) if account is not None else (0, 0)
        facts = [("", "is not on the leaderboard")] if line is None else person_facts(line, *seen)
        if account is not None:
            room = max(10, self.content_size.width - _NAMES)
            facts[1:1] = known_facts(account.person, room, brief=self.app.size.height < _TALL)
        if otherwise:
            facts.append(("counted", otherwise))
        places = tuple(account.places) if account is not None else ()
        if places and line is not None:
            places = (*places, (max(now_ms, places[-1][0]), line.place if line.score else 0))
        width = max(10, self.content_size.width - _NAMES - 1)
        end_ms = max(now_ms, places[-1][0]) if places else now_ms
        plot = drawn_places(places, end_ms, width, _PLOT) if places else ()
        if (facts, plot) != (self._facts, self._plot):
            height = len(facts) + max(1, len(plot))
            if self.styles.height is None or self.styles.height.value != height:
                self.styles.height = height
            self._facts, self._plot = facts, plot
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Facts, then the plot."""
        if y < len(self._facts):
            name, value = self._facts[y]
            return self._fact(name, value, "row--number")
        at = y - len(self._facts)
        if not self._plot:
            return self._fact("places", "noted once a minute; none yet" if at == 0 else "", "row--reason")
        pen = "head--plot" if at < len(self._plot) - 1 else "row--reason"
        return self._fact("places" if at == 0 else "", self._plot[at] if at < len(self._plot) else "", pen)

    def _fact(self, name: str, value: str, pen: str) -> Strip:
        room = max(0, self.content_size.width - _NAMES)
        return self.line(
            [Segment(fit(name, _NAMES), self.pen("row--reason")), Segment(fit_parts(value, room), self.pen(pen))]
        )


class SubjectLine(LineWidget):
    """``[Why 120] Comments 33  Gifts 4  Names 1``."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: tuple[int, ...] = ()
        self._shown = 0

    def show(self, counts: tuple[int, ...], shown: int) -> None:
        """How many of each, and which is shown."""
        self._counts, self._shown = counts, shown
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The brackets tell without colour which is shown."""
        segments = []
        for number, subject in enumerate(SUBJECTS):
            chosen = number == self._shown
            count = f" {self._counts[number]:,}" if self._counts else ""
            text = f"[{subject.name}{count}]" if chosen else f" {subject.name}{count} "
            segments.append(Segment(text + " ", self.pen("tabs--active" if chosen else "tabs--other")))
        return self.line(segments)


class PersonScreen(ModalScreen[None]):
    """Read in a worker that ends with the screen; what is live is looked at twice a second."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "board.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#account"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="person.close", tooltip="Close"),
        Binding("left", "subject(-1)", "before", show=False, id="person.before", tooltip="The subject before"),
        Binding("right", "subject(1)", "next", show=False, id="person.next", tooltip="The next subject"),
        Binding("q", "ask", "to overlay", id="person.ask", tooltip="Put the selected comment on the overlay"),
        Binding("d", "unuse", "unuse", id="person.unuse", tooltip="The selected comment is not used after all"),
        Binding("u", "undo", "undo", id="person.undo", tooltip="Take back what was done last to this leaderboard"),
        Binding("r", "reset", "reset", id="person.reset", tooltip="They begin again at zero"),
        Binding("y", "copy", "copy", id="person.copy", tooltip="Copy the selected line"),
    ]
    HELP = (
        "Why somebody has their score. Above: what TikTok said of them last, and how they stand, now and over time. "
        "Below: every event behind the score with what the score was after it by the present rules, their comments "
        "(✓ used: chosen for the overlay or put aside by a reset), their gifts by kind, and the names they had. Left "
        "and right choose among these."
    )

    def __init__(self, scores: ScoreBackend, actions: BoardActions, stream: str, user_id: str, name: str) -> None:
        super().__init__()
        self._scores, self._actions = scores, actions
        self._stream, self._user_id, self._called = stream, user_id, name
        self._line: Line | None = None
        self._account: Account | None = None
        self._subject = 0
        self._read_at = 0.0
        self._took_s = 0.0
        self._reading = False
        self._stale = True
        self._otherwise = ""
        self.head = PersonHead()
        self.subjects = SubjectLine()
        self.list = AccountList(id="account")
        self._state = Static(Content(_KEYS), classes="dialog-hint", markup=False)

    def compose(self) -> ComposeResult:
        """Title, how they stand, the subjects, the list of one of them."""
        with Vertical(classes="dialog -person"):
            title = f"{drawn(self._called)} in {drawn(self._stream)}"
            yield Static(Content(title), classes="dialog-title", markup=False)
            yield self.head
            yield self.subjects
            yield self.list
            yield self._state

    def on_mount(self) -> None:
        """Show what is known at once and read the rest."""
        self.call_after_refresh(self.tick)
        self.set_interval(TICK, self.tick)
        self._read()

    def tick(self) -> None:
        """How they stand now; the events behind it are read again when they changed, once in a while."""
        line = self._scores.line(self._stream, self._user_id)
        if line is not None and self._line is not None and (line.now, line.used) != (self._line.now, self._line.used):
            self._stale = True
        self._line = line
        self.head.show(line, self._account, int(time.time() * 1000), self._otherwise)
        if self._stale and time.monotonic() > self._read_at + max(_AGAIN_S, self._took_s / _PART):
            self._read()

    # Reading

    def _read(self) -> None:
        if not self._reading:
            self._reading = True
            self.run_worker(self._fetch(), name="account", group="account", exit_on_error=False)

    async def _fetch(self) -> None:
        begin = time.monotonic()
        self._stale = False
        before = self._scores.line(self._stream, self._user_id)
        try:
            account = await self._scores.account(self._stream, self._user_id)
        except TuiLiveError as error:
            self._state.update(Content(drawn(str(error))))
            return
        finally:
            self._reading = False
            self._read_at = time.monotonic()
            self._took_s = self._read_at - begin
        line = self._scores.line(self._stream, self._user_id)
        if line is not None and before is not None and (line.now, line.used) == (before.now, before.used):
            self._otherwise = counted_otherwise(line, account)
        self._account = account
        self._show()
        self.tick()

    def _show(self) -> None:
        if self._account is not None:
            counts = tuple(len(subject.rows(self._account)) for subject in SUBJECTS)
            self.subjects.show(counts, self._subject)
            self.list.show(self._account, self._subject)

    # What a person does

    def action_subject(self, step: int) -> None:
        """Another subject."""
        self._subject = (self._subject + step) % len(SUBJECTS)
        if self._account is None:
            self.subjects.show((), self._subject)
        self._show()

    def action_ask(self) -> None:
        """Put the selected comment on the overlay."""
        question = self._question()
        if question is not None:
            self._do(lambda: self._scores.ask(self._stream, question))

    def action_unuse(self) -> None:
        """The selected comment is not used after all."""
        question = self._question()
        if question is not None:
            self._do(lambda: self._scores.unuse(self._stream, question))

    def action_undo(self) -> None:
        """Take back what was done last."""
        self._actions.undo(self._stream, self._again)

    def action_reset(self) -> None:
        """They begin again at zero."""
        self._do(lambda: self._scores.reset(self._stream, self._user_id))

    def _do(self, command: Command) -> None:
        self._actions.carry_out(self._stream, command, self._again)

    def _again(self) -> None:
        """What was just done is shown at once."""
        if self.is_attached:
            self._reading = False
            self.workers.cancel_group(self, "account")
            self._read()

    def _question(self) -> Question | None:
        comment = self.list.comment
        if comment is None:
            self.app.notify("select a comment first (right, then arrow keys)", timeout=2, markup=False)
            return None
        handle = self._line.handle if self._line else ""
        name = self._line.name if self._line else self._called
        return Question(comment.msg_id, self._user_id, handle, name, "", comment.text, comment.time_ms)

    def action_copy(self) -> None:
        """Copy the selected line."""
        text = self.list.copied_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("copied", timeout=1.5, markup=False)

    def action_close(self) -> None:
        """Done; a reading that is under way is cancelled."""
        self.workers.cancel_group(self, "account")
        self.dismiss(None)
