"""Small dialogs: a question with yes and no, one line of input, and an error that ends the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir

_CANCEL = Binding("escape", "cancel", "cancel", id="dialog.cancel", tooltip="Leave everything as it is")


def _text(text: str, classes: str) -> Static:
    return Static(Content(drawn(text)), classes=classes, markup=False)


class Confirm(ModalScreen[bool]):
    """A question. Answers ``True`` for yes; Escape is no."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    AUTO_FOCUS = "#yes"
    BINDINGS: ClassVar[list[BindingType]] = [
        _CANCEL,
        Binding("y", "yes", "yes", id="confirm.yes", tooltip="Do it"),
        Binding("n", "cancel", "no", id="confirm.no", tooltip="Do not do it"),
        Binding("left,right", "app.focus_next", "other", show=False, id="confirm.other", tooltip="The other answer"),
    ]
    HELP = "A question: y or Enter on the marked answer, n or Escape for no."

    def __init__(self, question: str, detail: str, yes: str) -> None:
        super().__init__()
        self._question, self._detail, self._yes = question, detail, yes

    def compose(self) -> ComposeResult:
        """Question, what it means, two buttons."""
        with Vertical(classes="dialog"):
            yield _text(self._question, "dialog-title")
            if self._detail:
                yield _text(self._detail, "dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(f"{self._yes} (y)"), id="yes", variant="primary", compact=True)
                yield Button(Content("Cancel (n)"), id="no", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)


class AskLine(ModalScreen[str | None]):
    """One line of input; it closes only when ``accept`` takes what was typed. Answers what ``accept`` returned."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [_CANCEL]
    HELP = "Type and press Enter; Escape leaves everything as it is."

    def __init__(self, title: str, hint: str, accept: Callable[[str], str], value: str = "") -> None:
        """``value`` is what stands there at first."""
        super().__init__()
        self._title, self._hint, self._accept, self._value = title, hint, accept, value

    def compose(self) -> ComposeResult:
        """Title, input, error line."""
        with Vertical(classes="dialog"):
            yield _text(self._title, "dialog-title")
            yield Input(self._value, placeholder=self._hint, id="line", select_on_focus=False)
            yield Static("", id="line-error", classes="dialog-error", markup=False)
            yield _text("Enter takes it, Escape goes back", "dialog-hint")

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#line-error", Static).update("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            answer = self._accept(event.value.strip())
        except TuiLiveError as error:
            self.query_one("#line-error", Static).update(Content(drawn(str(error))))
        else:
            self.dismiss(answer)

    def action_cancel(self) -> None:
        """Nothing."""
        self.dismiss(None)


class Failure(ModalScreen[None]):
    """What went wrong and what to do about it; any of its keys closes it."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,space", "close", "close", id="failure.close", tooltip="Close"),
    ]
    HELP = "TUI Live could not go on; the text says why and what helps."

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__()
        self._title, self._remedy = title, remedy

    def compose(self) -> ComposeResult:
        """Title and remedy."""
        with Vertical(classes="dialog -failure"):
            yield _text(self._title, "dialog-title")
            if self._remedy:
                yield _text(self._remedy, "dialog-text")
            yield _text("Enter closes TUI Live", "dialog-hint")

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)

    def on_click(self) -> None:
        """A click will do as well."""
        self.dismiss(None)
