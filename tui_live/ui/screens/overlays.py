"""The pages for OBS: their addresses to copy, and which browsers show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.core.status import Overlays
from tui_live.core.text import drawn
from tui_live.paths import styles_dir
from tui_live.ui.widgets.overlay_list import OverlayList
from tui_live.ui.widgets.rows_view import RowsView

#: Seconds between two looks.
TICK = 0.5
_KEYS = "Enter y copy  l one stream or all  Esc close"


class OverlayPages(ModalScreen[None]):
    """Addresses of the selected stream's pages, or of all streams together."""

    CSS_PATH = [styles_dir() / "dialogs.tcss", styles_dir() / "board.tcss"]  # noqa: RUF012 -- Textual's own form
    AUTO_FOCUS = "#overlay-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,O", "close", "close", id="overlays.close", tooltip="Close"),
        Binding("y", "copy", "copy", id="overlays.copy", tooltip="Copy the selected address"),
        Binding("l", "scope", "one stream", id="overlays.scope", tooltip="Addresses for one stream, or for all"),
    ]
    HELP = (
        "Add a browser source in OBS and paste an address into it, 1920 × 1080 or any size. Green is for a chroma key; "
        "add background=transparent to the address for none. On this machine no token is needed."
    )

    def __init__(self, overlays: Callable[[], Overlays], selected: str | None) -> None:
        super().__init__()
        self._overlays, self._selected = overlays, selected
        self._one = False
        self.list = OverlayList(id="overlay-list")
        self._head = Static("", classes="dialog-title", markup=False)

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        with Vertical(classes="dialog -questions"):
            yield self._head
            yield self.list
            yield Static(Content(_KEYS), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Keep it up to date."""
        self.tick()
        self.set_interval(TICK, self.tick)

    def tick(self) -> None:
        """Look at the pages."""
        overlays = self._overlays()
        stream = self._selected if self._one else None
        whose = f"@{stream}" if stream else "all streams"
        state = overlays.trouble or f"{len(overlays.pages)} connected"
        self._head.update(Content(drawn(f"Overlays of {whose} · {state}")))
        self.list.show(overlays, stream)

    @on(RowsView.Opened)
    def _opened(self, event: RowsView.Opened) -> None:
        event.stop()
        self.action_copy()

    def action_copy(self) -> None:
        """Copy the selected address."""
        if self.list.selected:
            self.app.copy_to_clipboard(self.list.selected)
            self.app.notify("copied", timeout=1.5, markup=False)

    def action_scope(self) -> None:
        """Addresses for the selected stream, or for all together."""
        self._one = not self._one and self._selected is not None
        self.tick()

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)
