"""How OBS's state looks, when it needs a person, and everything that is known of it."""

from __future__ import annotations

from tui_live.core.clips import ObsState, ObsStatus
from tui_live.ui.format import moment, span

_BUSY = frozenset({ObsState.CONNECTING, ObsState.LOADING, ObsState.STARTING})


def needs_person(status: ObsStatus) -> bool:
    """Clips are wanted, and none can be saved until somebody does something."""
    return not status.ready and status.state is not ObsState.OFF and status.state not in _BUSY


def sign_of(status: ObsStatus) -> tuple[str, str]:
    """Shape and pen: they say without colour, too, whether a clip can be saved."""
    if status.ready:
        return ("▲", "state--warning") if status.warning else ("●", "status--text")
    if status.state is ObsState.OFF:
        return "◌", "state--idle"
    return ("◐", "state--busy") if status.state in _BUSY else ("✕", "state--error")


def said(status: ObsStatus) -> str:
    """``OBS ● replay``."""
    return f"OBS {sign_of(status)[0]} {status.state.value}"


def facts(status: ObsStatus, now_ms: int) -> list[tuple[str, str]]:
    """All that is known, for a person. ``now_ms`` is UTC."""
    lines = [("state", f"{sign_of(status)[0]} {status.state.value}")]
    if status.reason:
        lines.append(("reason", status.reason))
    if status.remedy:
        lines.append(("what to do", status.remedy))
    if status.warning:
        lines.append(("warning", status.warning))
    if status.since_ms:
        lines.append(("since", f"{moment(status.since_ms)}, {span((now_ms - status.since_ms) / 1000)}"))
    lines.append(("", ""))
    if status.version:
        lines.append(("OBS", status.version))
    if status.buffer_seconds:
        lines.append(("buffer", f"the last {status.buffer_seconds} s"))
    if status.folder:
        lines.append(("clips go to", status.folder))
    if not status.ready:
        lines.append(("meanwhile", "what matches a trigger is listed under clips (k) as failed, with the reason"))
    return lines


class ObsWatch:
    """Tells once for each change what has come to need a person; what is only under way changes nothing."""

    def __init__(self) -> None:
        self._told: ObsState | None = None
        self._warned = ""

    def alarm(self, status: ObsStatus) -> tuple[str, str] | None:
        """Title and text of an alarm, if there is a new one."""
        if needs_person(status):
            if self._told is status.state:
                return None
            self._told = status.state
            return status.reason or f"OBS: {status.state.value}", status.remedy
        if status.ready or status.state is ObsState.OFF:
            self._told = None
        if status.warning and status.warning != self._warned:
            self._warned = status.warning
            return "OBS", status.warning
        if status.ready and not status.warning:
            self._warned = ""
        return None
