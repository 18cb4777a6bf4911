"""Help for where the focus is, made from the bindings themselves, so that it cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.paths import styles_dir

#: A heading, what it is about, and its keys with what they do.
Section = tuple[str, str, list[tuple[str, str]]]


def keys_of(bindings: Iterable[tuple[str, Binding]], display: dict[str, str]) -> list[tuple[str, str]]:
    """Keys (several for one action joined) and tooltips. ``display`` maps a binding's key to how it is written."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, binding in bindings:
        if binding.id and binding.tooltip:
            found.setdefault((binding.action, binding.tooltip), []).append(display.get(key, key))
    return [(", ".join(dict.fromkeys(keys)), tooltip) for (_, tooltip), keys in found.items()]


def joined(sections: Iterable[Section]) -> list[Section]:
    """Sections of one heading that follow each other as one: the list with the focus, then the dialog it is in."""
    found: list[Section] = []
    for title, text, keys in sections:
        if found and found[-1][0] == title:
            _, before, first = found.pop()
            found.append((title, "\n\n".join(part for part in (before, text) if part), [*first, *keys]))
        else:
            found.append((title, text, keys))
    return found


class Help(ModalScreen[None]):
    """Sections of text and keys, scrollable."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "close", id="help.close", tooltip="Close the help"),
    ]
    HELP = "This help: arrows scroll it, Escape closes it."

    def __init__(self, sections: list[Section]) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        """One text for each section."""
        with VerticalScroll(classes="dialog -help"):
            for title, text, keys in self._sections:
                yield Static(Content(title), classes="dialog-title", markup=False)
                if text:
                    yield Static(Content(text), classes="dialog-text", markup=False)
                lines = [Content.assemble((f"{key:<16}", "$accent bold"), tooltip) for key, tooltip in keys]
                yield Static(Content("\n").join(lines), classes="help-keys", markup=False)
            yield Static("Escape closes; every action is also in the palette, Ctrl-P", classes="dialog-hint")

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)
