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
_LOOK_S = 0.012
#: The first lines are there after the first look, however slow the machine.
_AT_LEAST = 100
#: How many places of each board are taken in turn, so that whoever leads is there at once.
_STRETCH = 200


class Everybody:
    """Follows any number of leaderboards by key; only who has changed since the last look is added up again.

    At first the leaders of each are added up, then the others, from the best to the last; ``filling`` until all are.
    """

    def __init__(self) -> None:
        self._boards: dict[str, Leaderboard] = {}
        self._changed: dict[str, dict[str, Participant]] = {}
        self._next_place: dict[str, int] = {}
        self._least: dict[str, int] = {}
        self._pending: dict[str, None] = {}
        self._sums = Leaderboard(Rules.of())

    @property
    def filling(self) -> bool:
        """Whether somebody has not been added up yet."""
        return bool(self._next_place or self._pending)

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
        someone = self._sums.find(user_id)
        return None if someone is None else line(self._sums, someone, self._sums.place(user_id), 0)

    def forget(self) -> None:
        """Stop following: nobody looks any more."""
        for key, board in self._boards.items():
            board.unwatch(self._changed[key])
        self._boards, self._changed, self._pending = {}, {}, {}
        self._next_place, self._least = {}, {}
        self._sums = Leaderboard(Rules.of())

    def _follow(self, boards: Mapping[str, Leaderboard]) -> None:
        until = time.perf_counter() + _LOOK_S
        if any(boards.get(key) is not board for key, board in self._boards.items()):
            self.forget()  # a session is over: its people no longer count
        for key, board in boards.items():
            if key not in self._boards:
                self._boards[key] = board
                self._changed[key] = board.watch()
                self._next_place[key] = 0
                self._least[key] = 2**63
        scale = math.lcm(1, *(board.scale for board in boards.values()))
        if scale != self._sums.scale:
            self._sums.refine(scale)
        known = self._sums.user_ids
        for key, watched in self._changed.items():
            least = self._least.get(key, 0)
            for user_id, someone in watched.items():
                # Who is neither known nor among those whose turn has come is added up when it comes.
                if user_id in known or someone.now.points >= least:
                    self._pending[user_id] = None
            watched.clear()
        added = 0
        while self.filling and (added < _AT_LEAST or time.perf_counter() < until):
            if self._pending:
                self._add_up(next(iter(self._pending)))
                added += 1
            else:
                for key in list(self._next_place):
                    self._fill(key)

    def _fill(self, key: str) -> None:
        """Take the next places of a board; at its end, whoever slipped through while places changed."""
        board, place = self._boards[key], self._next_place[key]
        known = self._sums.user_ids
        some = board.stretch(place, _STRETCH)
        self._next_place[key] = place + _STRETCH
        if some:
            self._least[key] = some[-1].now.points
            found = [someone.person.user_id for someone in some]
        else:
            del self._next_place[key], self._least[key]
            found = [user_id for user_id in board.user_ids if user_id not in known]
        self._pending.update(dict.fromkeys(found))

    def _add_up(self, user_id: str) -> None:
        self._pending.pop(user_id, None)
        now, used = Tally(), Tally()
        found: list[Participant] = []
        for board in self._boards.values():
            someone = board.find(user_id)
            if someone is None:
                continue
            factor = self._sums.scale // board.scale
            its_now, its_used = someone.now.copy(), someone.used.copy()
            if factor > 1:
                its_now, its_used = its_now.times(factor), its_used.times(factor)
            now, used = (now.plus(its_now), used.plus(its_used)) if found else (its_now, its_used)
            found.append(someone)
        latest = max(found, key=lambda someone: someone.last_ms)
        self._sums.put(
            latest.person,
            now,
            used,
            min(someone.first_ms for someone in found),
            latest.last_ms,
            followed=any(someone.followed for someone in found),
        )
