"""How a stream's state looks and what it asks of a person."""

from __future__ import annotations

from tui_live.core.status import State, StreamView

#: Shape of each state: it reads without colour too.
GLYPHS = {
    State.LIVE: "●",
    State.OFFLINE: "◌",
    State.CHECKING: "◐",
    State.CONNECTING: "◐",
    State.RECONNECTING: "◐",
    State.STALE: "▲",
    State.LIMITED: "▲",
    State.ENDED: "■",
    State.STOPPED: "□",
    State.BLOCKED: "✕",
    State.FAILED: "✕",
}

#: Colour of each state, as the last part of a pen ``state--…``; red only where a person is needed.
TONES = {
    State.LIVE: "live",
    State.STALE: "warning",
    State.LIMITED: "warning",
    State.RECONNECTING: "busy",
    State.CHECKING: "busy",
    State.CONNECTING: "busy",
    State.BLOCKED: "error",
    State.FAILED: "error",
}


def tone(state: State) -> str:
    """The pen that draws a state."""
    return f"state--{TONES.get(state, 'idle')}"


def needs_person(state: State) -> bool:
    """Nothing goes on by itself: an operator has to act."""
    return state in (State.BLOCKED, State.FAILED)


class Watch:
    """Tells which streams have come to need a person since the last look."""

    def __init__(self) -> None:
        self._known: dict[int, State] = {}

    def alarms(self, views: tuple[StreamView, ...]) -> list[StreamView]:
        """Streams that were not blocked or failed the last time and are now."""
        known = self._known
        alarms = [
            view for view in views if needs_person(view.standing.state) and known.get(view.index) != view.standing.state
        ]
        self._known = {view.index: view.standing.state for view in views}
        return alarms
