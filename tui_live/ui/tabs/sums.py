"""What the sessions that are shown add up to, and what those sums lack."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from tui_live.core.lacking import lacking
from tui_live.core.status import StreamView
from tui_live.core.totals import Totals
from tui_live.ui.format import short


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
    """What the sums lack, the longest way to say it first: intervals without a connection, undecodable messages.

    ``likes`` adds which part of them came with a name. Nothing is said where nothing is known to be missing.
    """
    names = {"gaps", "missing", "undecodable"} | ({"likes"} if likes else set())
    parts = [part for name, part in lacking(sums, short).items() if name in names]
    if not parts:
        return ()
    return (
        "   ".join(part.long for part in parts),
        " · ".join(part.brief for part in parts),
        " · ".join(part.least for part in parts),
    )
