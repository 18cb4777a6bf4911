"""Where a session is exported to and in which format; then how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from tui_live.core.counts import several
from tui_live.core.past import PastSession
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.format import full, moment
from tui_live.ui.history_backend import HistoryBackend
from tui_live.ui.widgets.line_widget import LineWidget

_HINT = "↑ ↓ format, Enter exports, Escape goes back"


class FormatLine(LineWidget):
    """``format  [jsonl] json  csv  parquet``."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        super().__init__(classes="export-formats")
        self._formats = formats
        self.chosen = formats[0]

    def step(self, by: int) -> None:
        """Another format."""
        self.chosen = self._formats[(self._formats.index(self.chosen) + by) % len(self._formats)]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The brackets tell without colour which is chosen."""
        segments = [Segment("format ", self.pen("row--reason"))]
        for name in self._formats:
            chosen = name == self.chosen
            text = f"[{name}] " if chosen else f" {name}  "
            segments.append(Segment(text, self.pen("tabs--active" if chosen else "tabs--other")))
        return self.line(segments)


class ProgressLine(LineWidget):
    """``━━━━━━━━──────  43 %  430,000 of 1,000,000``."""

    def __init__(self) -> None:
        super().__init__(classes="export-progress")
        self._done = self._whole = 0
        self._shown = False

    def show(self, done: int, whole: int) -> None:
        """So many of so many."""
        self._done, self._whole, self._shown = done, whole, True
        self.refresh()

    def clear(self) -> None:
        """Nothing is under way."""
        self._shown = False
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The bar and the numbers."""
        if not self._shown:
            return self.message_line("", "")
        share = min(1.0, self._done / self._whole) if self._whole else 0.0
        said = f"  {share:.0%}  {full(self._done)} of {full(self._whole)} events"
        room = max(4, self.content_size.width - 34)
        cells = round(share * room)
        return self.line(
            [
                Segment("━" * cells, self.pen("title--rule-active")),
                Segment("─" * (room - cells), self.pen("title--rule")),
                Segment(said, self.pen("row--number")),
            ]
        )


class ExportDialog(ModalScreen[str | None]):
    """Asks for format and file, exports, and answers with a line to be told; ``None`` when it was left or cancelled."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "sessions.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#export-file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "format", id="export.before", tooltip="The format before"),
        Binding("down", "step(1)", "format", show=False, id="export.next", tooltip="The next format"),
        Binding("escape", "cancel", "cancel", id="export.cancel", tooltip="Go back; stops an export that is under way"),
    ]
    HELP = (
        "Every event of a session in a file: jsonl (one JSON object a line), json, csv or parquet. An existing file is "
        "never replaced, and a cancelled export leaves none. tui-live export can also choose types, people and times, "
        "add the original messages and replace names."
    )

    def __init__(self, history: HistoryBackend, session: PastSession) -> None:
        super().__init__()
        self._history, self._session = history, session
        self.format = FormatLine(history.formats)
        self._suggested = str(history.export_file(session, self.format.chosen))
        self.input = Input(self._suggested, id="export-file", compact=True, select_on_focus=False)
        self.progress = ProgressLine()
        self._error = Static("", classes="dialog-error", markup=False)
        self._hint = Static(_HINT, classes="dialog-hint", markup=False)
        self._under_way = False

    def compose(self) -> ComposeResult:
        """What is exported, the format, the file, how far it is."""
        session = self._session
        with Vertical(classes="dialog -export"):
            title = f"Export the session of @{drawn(session.streamer)}, {moment(session.start_ms)[:16]}"
            yield Static(Content(title), classes="dialog-title", markup=False)
            yield self.format
            yield self.input
            yield self._error
            yield self.progress
            yield self._hint

    def action_step(self, by: int) -> None:
        """Another format; a name that was not changed by hand follows."""
        if self._under_way:
            return
        before = self.format.chosen
        self.format.step(by)
        if self.input.value == self._suggested:
            self._suggested = str(self._history.export_file(self._session, self.format.chosen))
            self.input.value = self._suggested
        elif self.input.value.endswith(f".{before}"):
            self.input.value = self.input.value[: -len(before)] + self.format.chosen
        self.input.cursor_position = len(self.input.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._error.update("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._under_way:
            return
        target = Path(event.value.strip()).expanduser()
        said = _refusal(event.value.strip(), target)
        if said:
            self._say(said)
            return
        self._under_way = True
        self.input.disabled = True
        self._hint.update("Escape stops it")
        self.progress.show(0, self._session.events)
        self.run_worker(self._export(target), name="export", group="export", exit_on_error=False)

    async def _export(self, target: Path) -> None:
        try:
            count = await self._history.export(self._session.id, self.format.chosen, target, self.progress.show)
        except TuiLiveError as error:
            self._under_way = False
            self.input.disabled = False
            self.input.focus()
            self.progress.clear()
            self._hint.update(_HINT)
            self._say(str(error))
        else:
            self.dismiss(f"{several(count, 'event')} in {target}")

    def _say(self, text: str) -> None:
        self._error.update(Content(drawn(text)))

    def action_cancel(self) -> None:
        """Leave; an export that is under way stops and leaves no file."""
        if self._under_way:
            self.workers.cancel_group(self, "export")
            self.dismiss("stopped: no file was written")
        else:
            self.dismiss(None)


def _refusal(typed: str, target: Path) -> str:
    """Why a file cannot be exported to; empty when it can."""
    if not typed:
        return "nothing was typed — a file name"
    if target.is_dir():
        return f"this is a folder — name a file in it: {target}"
    if target.exists():
        return f"a file is there already — choose another name than {target.name}"
    if not target.parent.is_dir():
        return f"there is no folder — make it first, or choose another: {target.parent}"
    return ""
