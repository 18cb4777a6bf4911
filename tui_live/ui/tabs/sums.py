"""What the sessions that are shown add up to, and what those sums lack."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from tui_live.core.status import StreamView
from tui_live.core.totals import Totals
from tui_live.ui.format import full, span


def summed(views: Iterable[StreamView], only: int | None) -> Totals:
    """The totals of all streams together, or of the one with the index ``only``."""
    result = Totals()
    for view in views:
        if only is not None and view.index != only:
            continue
        totals = view.totals
        for kind, count in totals.messages.items():
            result.messages[kind] = result.messages.get(kind, 0) + count
        for name in _SUMMED:
            setattr(result, name, getattr(result, name) + getattr(totals, name))
        result.viewers += view.viewers
        result.peak_viewers = max(result.peak_viewers, totals.peak_viewers)
    return result


#: Viewers are those of the live ones: a session that waits remembers its last number. Peaks were not at one time.
_SUMMED = tuple(
    name
    for name, value in structs.asdict(Totals()).items()
    if isinstance(value, int) and name not in ("viewers", "peak_viewers")
)


def missing(sums: Totals) -> str:
    """What the sums lack: intervals without a connection, messages that could not be read."""
    gaps = f"{full(sums.gaps)} {'gap' if sums.gaps == 1 else 'gaps'} ({span(sums.gap_ms / 1000)})" if sums.gaps else ""
    unread = f"{full(sums.undecodable)} unreadable" if sums.undecodable else ""
    return "   ".join(part for part in (gaps, unread) if part)


def coverage(likes: int, room_likes: int) -> str:
    """The part of the room's likes that came with a name: ``33%``; a dash where there is none."""
    return f"{min(1.0, likes / room_likes):.0%}" if room_likes else "–"
