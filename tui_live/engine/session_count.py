"""One session's shares and engagement as far as they are counted, and how they go on from there."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Generator, Iterator
from datetime import tzinfo

from tui_live.core.analysis import TOP
from tui_live.core.engagement import Engagement
from tui_live.core.past import Gap
from tui_live.core.shares import ShareRules, Shares
from tui_live.store.analyses import Basis, Kept, Material
from tui_live.store.analysis_reading import EventReader
from tui_live.store.earlier import sharers_before, viewers_before


class SessionCount:
    """Takes in what the database has of a session, each event once, whenever it is asked to go on.

    ``turn`` is held by whoever lets it go on, and ``dropped`` says that nobody is to do so any more. All else belongs
    to the thread that has the connection.
    """

    def __init__(self, database: sqlite3.Connection, material: Material, rules: ShareRules) -> None:
        self.turn = asyncio.Lock()
        self.dropped = False
        self._database = database
        self._rules = rules
        self._reader = EventReader(database, material.number)
        self._reader.after = material.first - 1
        self._counted: tuple[Shares, Engagement] | None = None
        self._gaps: tuple[Gap, ...] = ()

    def left(self, material: Material) -> int:
        """How many ids are to be looked at until the session is counted as far as ``material`` says."""
        return max(0, material.last - self._reader.after)

    def go_on(self, material: Material) -> Iterator[float]:
        """Count until there, in pieces of some tens of milliseconds; yields which share of the session is done.

        The first pieces read who was there in earlier sessions. Whatever it raises, :class:`sqlite3.Error` for one:
        what was counted is of no use any more.
        """
        if self._counted is None:
            yield 0.0
            self._counted = yield from self._begin(material)
        shares, engagement = self._counted
        if material.gaps != self._gaps:
            lost = [(gap.start_ms, gap.end_ms) for gap in material.gaps]
            shares.add_gaps(lost)
            engagement.add_gaps(lost)
            self._gaps = material.gaps
        reader, span = self._reader, material.last - material.first + 1
        reader.aim(material.last, round(material.session.events * self.left(material) / max(1, span)))
        for last, room_id in material.rooms:
            while reader.after < last:
                events = reader.events(last)
                shares.take(events, 0)
                engagement.take(events, 0, room_id)
                yield 1 - self.left(material) / span
        reader.rest()

    def _begin(self, material: Material) -> Generator[float, None, tuple[Shares, Engagement]]:
        start_ms = material.session.start_ms
        sharers = yield from sharers_before(self._database, material.earlier)
        viewers = yield from viewers_before(self._database, material.earlier)
        return (
            Shares(start_ms, self._rules, known=sharers),
            Engagement(start_ms, known=viewers, host_id=material.host_id),
        )

    def result(self, material: Material, basis: Basis, zone: tzinfo) -> Kept:
        """The figures of what was counted, until where ``material`` ends."""
        assert self._counted is not None
        shares, engagement = self._counted
        until_ms = material.until_ms
        step_s = _step_s(until_ms - material.session.start_ms)
        return Kept(
            basis,
            shares.result(until_ms=until_ms, zone=zone, top=TOP, step_s=step_s),
            engagement.result(until_ms=until_ms, zone=zone, top=TOP, step_s=step_s, weights=basis.weights),
        )

    def clear(self) -> None:
        """Forget everything: what a long session takes is not freed within a moment."""
        self._counted = None
        self._reader.rest()


def _step_s(length_ms: int) -> int:
    """Seconds of a step of plots over time: what is over in minutes shows nothing by the minute."""
    return 5 if length_ms < 150_000 else 15 if length_ms < 600_000 else 60
