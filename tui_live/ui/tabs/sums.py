"""What the sessions that are shown add up to, and what those sums lack."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from tui_live.core.counts import several
from tui_live.core.status import StreamView
from tui_live.core.totals import Totals
from tui_live.ui.format import full, short, span


def summed(views: Iterable[StreamView], only: int | None) -> Totals:
    """The totals of all streams together, or of the one with the index ``only``.

    Several streams have no peak of viewers: theirs were not at one time.
    """
    result = Totals()
    peaks: list[int] = []
    for view in views:
        if only is not None and view.index != only:
            continue
        totals = view.totals
        for kind, count in totals.messages.items():
            result.messages[kind] = result.messages.get(kind, 0) + count
        for name in _SUMMED:
            setattr(result, name, getattr(result, name) + getattr(totals, name))
        result.viewers += view.viewers
        if totals.peak_viewers:
            peaks.append(totals.peak_viewers)
    result.peak_viewers = peaks[0] if len(peaks) == 1 else 0
    return result


#: Viewers are those of the live ones: a session that waits remembers its last number.
_SUMMED = tuple(
    name
    for name, value in structs.asdict(Totals()).items()
    if isinstance(value, int) and name not in ("viewers", "peak_viewers")
)


def missing(sums: Totals, *, likes: bool = False) -> tuple[str, ...]:
    """What the sums lack, the longest way to say it first: intervals without a connection, unreadable messages.

    ``likes`` adds which part of them came with a name. Nothing is said where nothing is known to be missing.
    """
    long: list[str] = []
    middle: list[str] = []
    least: list[str] = []
    if likes and sums.room_likes:
        part = coverage(sums.likes, sums.room_likes)
        long.append(f"coverage {part}")
        middle.append(f"coverage {part}")
        least.append(f"likes {part}")
    if sums.gaps:
        time = span(sums.gap_ms / 1000)
        long.append(f"{several(sums.gaps, 'gap')} ({time})")
        middle.append(f"{short(sums.gaps)} {'gap' if sums.gaps == 1 else 'gaps'} {time}")
        least.append(middle[-1].removesuffix(f" {time}"))
    if sums.undecodable:
        long.append(f"{full(sums.undecodable)} unreadable")
        middle.append(f"{short(sums.undecodable)} unread")
        least.append(middle[-1])
    return ("   ".join(long), " · ".join(middle), " · ".join(least)) if long else ()


def coverage(likes: int, room_likes: int) -> str:
    """The part of the room's likes that came with a name, rounded down: ``33%``, ``<1%``; a dash for no likes."""
    if not room_likes:
        return "–"
    part = min(1.0, likes / room_likes)
    return "<1%" if 0 < part < 0.01 else f"{int(part * 100)}%"
