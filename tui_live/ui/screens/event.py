"""Everything about one event: what the log knows at once, then what the database has, and the original message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_live.core.log import COINS, DATA, HANDLE, MSG_ID, NICKNAME, SUBTYPE, TEXT, TIME, TYPE, USER_ID, Row
from tui_live.core.text import drawn
from tui_live.errors import TuiLiveError
from tui_live.paths import styles_dir
from tui_live.ui.backend import Hit
from tui_live.ui.event_words import in_words
from tui_live.ui.format import moment
from tui_live.ui.outline import plain
from tui_live.ui.widgets.outline_view import OutlineView

Fetch = Callable[[], Awaitable[dict[str, Any] | None]]

#: Seconds between two looks for an event that is not written yet, and how many there are.
_AGAIN, _TRIES = 0.3, 10
#: How far the data are open at first: the groups and the fields of the original message.
_DEPTH = 2
_NO_RAW = "not kept: database.keep_raw is off, or it was removed"


def row_facts(row: Row, stream: str) -> dict[str, Any]:
    """What a line of the log tells about its event."""
    facts: dict[str, Any] = {
        "time": moment(row[TIME]),
        "stream": stream,
        "type": row[TYPE] + (f", {row[SUBTYPE]}" if row[SUBTYPE] else ""),
        "text": row[TEXT],
    }
    if row[USER_ID]:
        facts["user"] = f"{row[NICKNAME]}   @{row[HANDLE]}"
    if row[COINS]:
        facts["coins"] = row[COINS]
    facts["message id"] = str(row[MSG_ID])
    data = row[DATA]
    return {"event": facts, "data": msgspec.to_builtins(data) if data is not None else {}}


def hit_facts(hit: Hit) -> dict[str, Any]:
    """What the search tells about an event."""
    who = f"{hit.nickname}   @{hit.username}"
    return {
        "event": {
            "time": moment(hit.time_ms),
            "stream": hit.streamer,
            "type": hit.event_type,
            "text": hit.text,
            "user": who,
        }
    }


def whole(first: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The first facts, with what the database has."""
    event = found.get("event") or {}
    facts = dict(first.get("event") or {})
    facts["number"] = event.get("id")
    if event.get("history"):
        facts["history"] = "repeated by TikTok after a connect"
    return {
        "event": facts,
        "data": event.get("data") or first.get("data") or {},
        **{name: value for name in ("deleted", "user", "session") if (value := found.get(name))},
        "original": found["raw"] if found.get("raw") is not None else _NO_RAW,
    }


class EventDetails(ModalScreen[None]):
    """The event in full. ``fetch`` asks the database; it is asked again while the event is not written."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="event.close", tooltip="Close"),
        Binding("y", "copy", "copy", id="event.copy", tooltip="Copy all of it as JSON"),
        Binding("p", "person", "person", id="event.person", tooltip="Why whoever did it has their score"),
        Binding("s", "session", "session", id="event.session", tooltip="Open the session it belongs to"),
    ]
    HELP = (
        "Everything that is known about one event, and the message as TikTok sent it. y copies it as JSON, p shows "
        "whoever did it as the leaderboard knows them, s the session of what a search has found."
    )

    def __init__(
        self,
        first: dict[str, Any],
        fetch: Fetch,
        person: Callable[[], None] | None = None,
        session: Callable[[], None] | None = None,
    ) -> None:
        """``person`` shows whoever did it, where the leaderboard knows them; ``session`` opens its session."""
        super().__init__()
        self._person, self._session = person, session
        self._first = self._data = first
        self._fetch = fetch
        self._outline = OutlineView(id="event-outline")
        self._state = Static("", classes="dialog-hint", markup=False)

    def compose(self) -> ComposeResult:
        """Title, outline, what is being waited for."""
        with Vertical(classes="dialog -event"):
            yield Static(Content("Event"), classes="dialog-title", markup=False)
            yield self._outline
            yield self._state

    def on_mount(self) -> None:
        """Show what is known and ask for the rest."""
        self._outline.focus()
        self._outline.show(in_words(self._data), _DEPTH)
        self._say("reading the database …")
        self.run_worker(self._complete(), name="event", exit_on_error=False)

    def _say(self, text: str) -> None:
        offered = (("←→ branches", True), ("p person", self._person), ("s session", self._session))
        keys = "  ".join([key for key, there in offered if there] + ["y copy", "? help", "Esc close"])
        self._state.update(Content(f"{text}   {keys}" if text else keys))

    async def _complete(self) -> None:
        for _ in range(_TRIES):
            try:
                found = await self._fetch()
            except TuiLiveError as error:
                self._say(drawn(str(error)))
                return
            if found is not None:
                self._data = whole(self._first, found)
                self._outline.show(in_words(self._data), _DEPTH)
                self._say("")
                return
            self._say("not written yet: that takes a quarter of a second …")
            await asyncio.sleep(_AGAIN)
        self._say("not in the database: only what the log holds is shown")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nobody did it, or the leaderboard does not know them; its session is shown already."""
        return {"person": self._person, "session": self._session}.get(action, self) is not None

    def action_person(self) -> None:
        """Show whoever did it."""
        if self._person is not None:
            self._person()

    def action_session(self) -> None:
        """Open the session it belongs to."""
        if self._session is not None:
            self._session()

    def action_copy(self) -> None:
        """Copy all of it as JSON."""
        self.app.copy_to_clipboard(plain(self._data))
        self.app.notify("copied", timeout=1.5, markup=False)

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)
