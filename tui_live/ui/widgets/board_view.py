"""The ranking of a stream, or of all together: a window on it that asks only for the places it shows."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_live.core.standings import Line, Standings
from tui_live.core.text import drawn
from tui_live.ui.board_row import SOURCES, BoardColumns, draw_row, header
from tui_live.ui.scores_backend import ScoreBackend
from tui_live.ui.widgets.rows_view import RowsView, moving_keys

#: A row that rose stays lit for so many seconds, and not again for as many.
_FLASH_S, _REST_S = 0.7, 6.0
#: Nobody is reset so many seconds after a reset has put them under the selection, nor so soon after the same key: one
#: that is held down repeats itself.
_LOOK_S, _HELD_S = 1.0, 0.4

_NO_STREAM = (("No stream is selected.", "row--number"), ("Add one in the streams pane (a).", "row--reason"))
_NOBODY = (
    ("Nobody is here yet.", "row--number"),
    ("", "row--reason"),
    ("Gifts and likes bring points;", "row--reason"),
    ("what each is worth, and whether", "row--reason"),
    ("comments, follows and shares", "row--reason"),
    ("count, is set under scoring in", "row--reason"),
    ("config.yaml.", "row--reason"),
)


class BoardView(RowsView, can_focus=True):
    """A list of people; the selection stays on its person, and on the first while nobody has looked for anybody."""

    STAYS_FIRST = True
    HELP = (
        "Who has the most points. It shows the stream that is selected in the streams pane; l shows all streams "
        "together.\n\n"
        "♛ ✦ ✧ the first three   ▲ ▼ places won and lost in the last minute or two (▲ alone: from far "
        "behind)   ✓ follows the host   - no points\n\n"
        "A reset puts a person's points aside as used, and they begin again at zero; a picked winner pauses scoring. "
        "Everything done here can be undone with u, step by step."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reset", "reset", id="board.reset", tooltip="The selected person begins again at zero"),
        Binding("p", "pause", "pause", id="board.pause", tooltip="Stop scoring, or let it go on"),
        Binding("W", "winner", "winner", id="board.winner", tooltip="Pick whoever is first as the winner; asks"),
        Binding("R", "reset_all", "reset all", id="board.reset_all", tooltip="Everybody begins again at zero; asks"),
        Binding("enter", "details", "details", id="board.details", tooltip="Why the selected person has their score"),
        *moving_keys("board", "person"),
    ]

    class Asked(Message):
        """A person wants something done: ``reset``, ``reset_all``, ``pause``, ``winner``, ``undo`` or ``details``.

        ``stream`` is whose board, ``None`` that of all; ``line`` who is selected.
        """

        def __init__(self, what: str, stream: str | None, line: Line | None) -> None:
            super().__init__()
            self.what, self.stream, self.line = what, stream, line

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scores: ScoreBackend | None = None
        self.stream: str | None = None
        self.everybody = False
        self.standings = Standings()
        self._start = 0
        self._sources: set[int] = set()
        self._columns = BoardColumns.for_width(0, 0, ())
        self._moving = False
        self._places: dict[str, int] = {}
        self._lit: dict[str, float] = {}
        self._not_before = self._again_from = 0.0
        self._was_reset: Line | None = None

    # What others use

    def attach(self, scores: ScoreBackend) -> None:
        """Show these leaderboards from now on."""
        self._scores = scores
        self.tick()

    @property
    def scope(self) -> str | None:
        """The stream whose board is shown, ``None`` for all together."""
        return None if self.everybody else self.stream

    def show_stream(self, stream: str | None, *, everybody: bool) -> None:
        """Show the board of a stream, or that of all; the selection begins at the first."""
        if (stream, everybody) == (self.stream, self.everybody):
            return
        before, self.stream, self.everybody = self.scope, stream, everybody
        if self.scope != before or not (everybody or stream):
            self._cursor, self._key, self._top, self._first = 0, None, 0, not self.has_focus
            self._meant()
            self._sources.clear()
            self.expect_changes()
        self.tick()

    @property
    def selected(self) -> Line | None:
        """Whoever is under the selection."""
        return None if self.cursor is None else self._line(self.cursor)

    def select_first(self, was_reset: Line | None = None) -> None:
        """After a reset (of ``was_reset``, as they were, and maybe of others): whoever is first now."""
        self.expect_changes()
        before = self._key
        self._was_reset = was_reset
        self._first = True
        self.redraw()
        if self._key != before:
            self._not_before = time.monotonic() + _LOOK_S

    def undone(self) -> None:
        """Something was undone. If it was the reset that moved the selection: whoever is first now, as before."""
        was = self._was_reset
        if was is not None and self._scores is not None:
            line = self._scores.line(self.scope, was.user_id)
            if line is not None and line.used.points < was.used.points + was.now.points:
                self.select_first()

    def select(self, index: int) -> None:
        """Somebody was looked for: they are meant."""
        self._meant()
        super().select(index)

    def _meant(self) -> None:
        self._not_before, self._again_from, self._was_reset = 0.0, 0.0, None

    def expect_changes(self) -> None:
        """Places that are others at the next look were changed by the operator: no row lights up."""
        self._places = {}
        self._lit = {}

    def tick(self) -> None:
        """Look again, where there is anything to be seen."""
        if self._scores is not None and self.is_on_screen:
            self.redraw()

    # What the list asks for

    def row_count(self) -> int:
        """How many people there are."""
        return self.standings.people

    def row_key(self, index: int) -> Hashable:
        """The person's id."""
        line = self._line(index)
        return None if line is None else line.user_id

    def place_of(self, key: Hashable) -> int | None:
        """Where the person is now, and the places around it, so that both are of one moment."""
        found = self._seen(key)
        if found is None and self._scores is not None:
            line = self._scores.line(self.scope, str(key))
            if line is None:
                return None
            self._ask(line.place - 1)
            found = self._seen(key)
            return line.place - 1 if found is None else found
        return found

    def resized(self, width: int) -> None:
        """Other columns fit."""
        self._arrange(width)

    def header(self, width: int) -> list[Segment]:
        """Names of the columns."""
        return [Segment(header(self._columns), self.pen("row--header"))]

    def draw_row(self, index: int, width: int, selected: bool) -> list[Segment]:
        """One person."""
        line = self._line(index)
        marker = "▸" if selected else " "
        return [] if line is None else draw_row(line, self._columns, self.pen, marker, self._moving)

    def ground_pen(self, index: int, selected: bool) -> str:
        """Whoever rose is lit for a moment."""
        line = self._line(index)
        if line is not None and time.monotonic() < self._lit.get(line.user_id, 0.0):
            return "row--flash"
        return super().ground_pen(index, selected)

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """What makes a score."""
        if self._scores is None:
            return (("starting …", "row--reason"),)
        return _NO_STREAM if self.scope is None and not self.everybody else _NOBODY

    # Looking

    def _settle(self) -> None:
        self._ask(self._top)
        self._note_places()
        super()._settle()
        # While the pane was empty the base has let it go.
        self._first = self._first and not self.has_focus
        self._ask_again()
        self._arrange(self._width)

    def _ask_again(self) -> None:
        """The window moved with its person: ask for the places that it shows now."""
        if not self._start <= self._top <= self._start + len(self.standings.lines) - self._room():
            self._ask(self._top)

    def _ask(self, start: int) -> None:
        if self._scores is None or (self.scope is None and not self.everybody):
            self.standings = Standings()
            return
        count = max(1, self.content_size.height)
        self._start = max(0, start)
        self.standings = self._scores.standings(self.scope, self._start, count)

    def _line(self, index: int) -> Line | None:
        if not self._start <= index < self._start + len(self.standings.lines):
            self._ask(min(max(self._top, index - self._room() + 1), index))
        place = index - self._start
        return self.standings.lines[place] if 0 <= place < len(self.standings.lines) else None

    def _seen(self, key: Hashable) -> int | None:
        places = range(self._start, self._start + len(self.standings.lines))
        return next((at for at, line in zip(places, self.standings.lines, strict=True) if line.user_id == key), None)

    def _arrange(self, width: int) -> None:
        """Sources that have brought anybody points have columns from then on."""
        lines = self.standings.lines
        for number in range(len(SOURCES)):
            if number not in self._sources and any(line.sources[number] for line in lines):
                self._sources.add(number)
        self._moving = any(line.before for line in lines)
        self._columns = BoardColumns.for_width(width, self._top + self.content_size.height, self._sources)

    def _note_places(self) -> None:
        """Light up who stands higher than at the last look, once in a while each."""
        lines = self.standings.lines
        if self._places and self.app.animation_level != "none":
            now = time.monotonic()
            for line in lines:
                rose = line.score and line.place < self._places.get(line.user_id, 0)
                if rose and now > self._lit.get(line.user_id, 0.0) + _REST_S:
                    self._lit[line.user_id] = now + _FLASH_S
            if len(self._lit) > 1000:
                self._lit = {who: until for who, until in self._lit.items() if now <= until + _REST_S}
        self._places = {line.user_id: line.place for line in lines}

    # What a person does

    def on_focus(self) -> None:
        """The selection stays on its person from now on: a key must not hit whoever comes first meanwhile."""
        self._first = False

    def on_blur(self) -> None:
        """A selection that was left at the top stays there."""
        self._first = self._cursor == 0

    def action_move_first(self) -> None:
        """The first of this moment, whom the selection then follows."""
        self._meant()
        self._first = True
        self.redraw()

    def open_row(self) -> None:
        """Enter or a second press."""
        self.action_details()

    def copied_text(self) -> str:
        """The selected person for the clipboard."""
        line = self.selected
        return "" if line is None else f"{line.place}. {line.name} (@{line.handle}), {line.score} points"

    def action_reset(self) -> None:
        """Reset the selected person; not whom another reset has just put under the selection."""
        now, selected = time.monotonic(), self.selected
        held, self._again_from = now < self._again_from, now + _HELD_S
        if selected is not None and now < self._not_before:
            said = f"not reset: {drawn(selected.name)} has only just come under the selection"
            self.app.notify(said, title="Press again for that", timeout=2.5, markup=False)
        elif not held:
            self._ask_for("reset")

    def action_reset_all(self) -> None:
        """Reset everybody."""
        self._ask_for("reset_all")

    def action_pause(self) -> None:
        """Pause scoring, or go on."""
        self._ask_for("pause")

    def action_winner(self) -> None:
        """Pick the winner."""
        self._ask_for("winner")

    def action_details(self) -> None:
        """Show everything about the selected person."""
        self._ask_for("details")

    def _ask_for(self, what: str) -> None:
        self.post_message(self.Asked(what, self.scope, self.selected))
