"""Everything about one stream, or one line of the log in full."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.core.log import COINS, HANDLE, NICKNAME, SUBTYPE, TEXT, TIME, TYPE, USER_ID, Row
from tui_live.core.status import StreamView
from tui_live.core.text import drawn
from tui_live.paths import styles_dir
from tui_live.ui.format import broken, full, moment, rate, span, sparkline
from tui_live.ui.states import GLYPHS

#: Cells of the names.
_NAME = 13
#: A fact and its value; an empty name begins a new group.
Facts = list[tuple[str, str]]


def stream_facts(view: StreamView, now_ms: int) -> Facts:
    """All that is known about a stream, for a person. ``now_ms`` is UTC."""
    standing = view.standing
    facts: Facts = [("state", f"{GLYPHS[standing.state]} {standing.state.value}")]
    if standing.reason:
        facts.append(("reason", standing.reason))
    if standing.since_ms:
        facts.append(("since", f"{moment(standing.since_ms)}, {span((now_ms - standing.since_ms) / 1000)}"))
    if standing.next_step_ms:
        facts.append(("next try", f"in {span((standing.next_step_ms - now_ms) / 1000)}"))
    facts += [
        ("", ""),
        ("viewers", full(view.viewers)),
        ("coins", full(view.coins)),
        ("likes", _likes(view)),
        ("events", full(view.events)),
        ("events/s", f"{rate(view.rates[-1]) if view.rates else '0'}   {sparkline(view.rates, 40)}"),
        ("", ""),
        ("duplicates", f"{full(view.duplicates)} (sent again by TikTok, counted once)"),
        ("undecodable", f"{full(view.undecodable)} (kept as they came)"),
        ("gaps", f"{full(view.gaps)}, {span(view.gap_ms / 1000)} without a connection" if view.gaps else "none"),
        ("", ""),
        ("session", view.session_id or "–"),
        ("room", view.room_id or "–"),
    ]
    return facts


def line_facts(row: Row, stream: str) -> Facts:
    """One line of the log, nothing cut."""
    facts: Facts = [
        ("time", moment(row[TIME])),
        ("stream", stream),
        ("type", row[TYPE] + (f", {row[SUBTYPE]}" if row[SUBTYPE] else "")),
    ]
    if row[USER_ID]:
        facts.append(("user", f"{row[NICKNAME]}   @{row[HANDLE]}   id {row[USER_ID]}"))
    if row[COINS]:
        facts.append(("coins", full(row[COINS])))
    return [*facts, ("", ""), ("text", row[TEXT])]


def _likes(view: StreamView) -> str:
    if not view.room_likes:
        return full(view.likes)
    part = min(1.0, view.likes / view.room_likes)
    return f"{full(view.likes)} of {full(view.room_likes)} came with a name ({part:.0%})"


class Details(ModalScreen[None]):
    """Facts that are looked up again every second while they are shown."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "close", id="details.close", tooltip="Close"),
        Binding("y", "copy", "copy", id="details.copy", tooltip="Copy all of it"),
    ]
    HELP = "Everything that is known, kept up to date. y copies it, Escape closes it."

    def __init__(self, title: str, facts: Callable[[int], Facts]) -> None:
        """``facts`` is asked with the present time (UTC ms)."""
        super().__init__()
        self._title, self._facts = title, facts
        self._body = Static("", markup=False, classes="details-body")

    def compose(self) -> ComposeResult:
        """Title, facts, hint."""
        with VerticalScroll(classes="dialog -details"):
            yield Static(Content(drawn(self._title)), classes="dialog-title", markup=False)
            yield self._body
            yield Static("y copies, Escape closes", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Keep it up to date."""
        self._refresh()
        self.set_interval(1.0, self._refresh)

    def on_resize(self) -> None:
        """Lines break elsewhere."""
        self.call_after_refresh(self._refresh)

    def _refresh(self) -> None:
        room = max(8, self._body.content_size.width - _NAME)
        lines = []
        for name, value in self._facts(int(time.time() * 1000)):
            first, *rest = broken(drawn(value), room) or [""]
            lines.append(Content.assemble((f"{name:<{_NAME}}", "$text-muted"), first) if name else Content(""))
            lines += [Content(" " * _NAME + piece) for piece in rest]
        self._body.update(Content("\n").join(lines))

    def action_copy(self) -> None:
        """Copy all of it as text."""
        facts = self._facts(int(time.time() * 1000))
        self.app.copy_to_clipboard("\n".join(f"{name}: {value}" if name else "" for name, value in facts))
        self.app.notify("copied", timeout=1.5, markup=False)

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)
