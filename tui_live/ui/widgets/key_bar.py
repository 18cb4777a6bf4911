"""The bottom line: the keys that do something where the focus is. Whole keys only, as many as fit; clicking works."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.screen import Screen
from textual.strip import Strip

from tui_live.ui.widgets.line_widget import LineWidget

#: Always shown, at the right end.
_LAST = ("app.help", "app.palette")
#: What a key concerns that concerns every pane: the recording that is played.
_EVERYWHERE = "replay"
#: Cells between two keys.
_BETWEEN = 2


class KeyBar(LineWidget):
    """Reads the active bindings of its screen whenever they change.

    What concerns the pane with the focus comes first, also where the key is known everywhere: ids begin alike.
    """

    def __init__(self, *, id: str | None = None, later: Collection[str] = ()) -> None:
        """``later``: ids of the pane's keys that come behind its others."""
        super().__init__(id=id)
        self._later = later
        self._keys: list[tuple[str, str, str]] = []
        self._spans: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Hear of changed bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        first: list[tuple[str, str, str]] = []
        later: list[tuple[str, str, str]] = []
        others: list[tuple[str, str, str]] = []
        last: list[tuple[str, str, str]] = []
        seen: set[str] = set()
        pane = ""
        for active in screen.active_bindings.values():
            binding = active.binding
            if not binding.show or binding.action in seen:
                continue
            seen.add(binding.action)
            entry = (self.app.get_key_display(binding), binding.description, binding.key)
            if binding.id in _LAST:
                last.append(entry)
                continue
            concerns = (binding.id or "").partition(".")[0]
            pane = pane or concerns
            here = concerns in (pane, _EVERYWHERE)
            (others if not here else later if binding.id in self._later else first).append(entry)
        if [*first, *later, *others, *last] != self._keys:
            self._keys = [*first, *later, *others, *last]
            self._last = len(last)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """As many keys as fit; the last ones always."""
        width = self.content_size.width
        count = len(self._keys)
        fixed = self._keys[count - self._last :] if count else []
        room = width - 1 - sum(_cells(entry) for entry in fixed) + _BETWEEN
        shown = []
        for entry in self._keys[: count - len(fixed)]:
            room -= _cells(entry)
            if room < 0:
                break
            shown.append(entry)
        segments = [Segment(" ", self.pen())]
        self._spans = []
        at = 1
        for entry in (*shown, *fixed):
            key, text, name = entry
            segments += [
                Segment(key, self.pen("keys--key")),
                Segment(f" {text}{' ' * _BETWEEN}", self.pen("keys--text")),
            ]
            self._spans.append((at, at + _cells(entry) - _BETWEEN, name))
            at += _cells(entry)
        return self.line(segments)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        for start, end, name in self._spans:
            if start <= event.x < end:
                self.app.simulate_key(name)

    _last = 0


def _cells(entry: tuple[str, str, str]) -> int:
    return cell_len(entry[0]) + 1 + cell_len(entry[1]) + _BETWEEN
