"""The audience of several streams in one ranking: whoever is in two of them has the points of both."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from tui_live.core.leaderboard import Leaderboard
from tui_live.core.scoring import Rules
from tui_live.core.standings import Line, Standings, line
from tui_live.core.tally import Participant, Tally

#: Adding up a million people takes seconds: no look waits longer than this, the rest follows with the next ones.
_LOOK_S = 0.008


class Everybody:
    """Follows any number of leaderboards by key; only who has changed since the last look is added up again."""

    def __init__(self) -> None:
        self._boards: dict[str, Leaderboard] = {}
        self._pending: dict[str, None] = {}
        self._changed: dict[str, dict[str, Participant]] = {}
        self._sums = Leaderboard(Rules.of())

    def standings(self, boards: Mapping[str, Leaderboard], start: int = 0, count: int = 50) -> Standings:
        """The places ``start + 1`` to ``start + count`` over all of these boards."""
        self._follow(boards)
        sums = self._sums
        people = sums.stretch(start, count)
        return Standings(
            lines=tuple(line(sums, someone, place, 0) for place, someone in enumerate(people, start + 1)),
            scoring=sums.scoring,
            people=len(sums),
            revision=sums.revision,
        )

    def line(self, user_id: str) -> Line | None:
        """One person's line over all boards, as they were at the last look."""
        someone = self._sums.people.get(user_id)
        return None if someone is None else line(self._sums, someone, self._sums.place(user_id), 0)

    def forget(self) -> None:
        """Stop following: nobody looks any more."""
        for key, board in self._boards.items():
            board.unwatch(self._changed[key])
        self._boards, self._changed, self._pending = {}, {}, {}
        self._sums = Leaderboard(Rules.of())

    def _follow(self, boards: Mapping[str, Leaderboard]) -> None:
        if {key: id(board) for key, board in boards.items()} != {key: id(board) for key, board in self._boards.items()}:
            self.forget()
            self._boards = dict(boards)
            self._changed = {key: board.watch() for key, board in boards.items()}
            self._pending = dict.fromkeys(user_id for board in boards.values() for user_id in board.people)
        for watched in self._changed.values():
            self._pending.update(dict.fromkeys(watched))
            watched.clear()
        scale = math.lcm(1, *(board.scale for board in boards.values()))
        if scale != self._sums.scale:
            self._sums.refine(scale)
        until = time.perf_counter() + _LOOK_S
        while self._pending and time.perf_counter() < until:
            self._add_up(self._pending.popitem()[0])

    def _add_up(self, user_id: str) -> None:
        now, used = Tally(), Tally()
        found: list[Participant] = []
        for board in self._boards.values():
            someone = board.people.get(user_id)
            if someone is not None:
                found.append(someone)
                factor = self._sums.scale // board.scale
                now = now.plus(someone.now.times(factor))
                used = used.plus(someone.used.times(factor))
        latest = max(found, key=lambda someone: someone.last_ms)
        self._sums.put(
            latest.person,
            now,
            used,
            min(someone.first_ms for someone in found),
            latest.last_ms,
            followed=any(someone.followed for someone in found),
        )
