"""How places change: what arrows show, and what a person's history of places is drawn from."""

from __future__ import annotations

from tui_live.core.leaderboard import Leaderboard

#: Places that are followed; whoever is behind them has place 0 here.
FOLLOWED = 100
#: How often places are noted.
EVERY_MS = 60_000
#: While what was done to everybody reaches them, so many at a time, places are not noted.
_SOME = 1000


class Movement:
    """The places of the first hundred, noted once a minute."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._noted_ms = 0

    def note(self, board: Leaderboard, now_ms: int) -> list[tuple[str, int, int]]:
        """Note the places when a minute is over; returns whose place is another now: (user id, place, points).

        Place 0 means behind the first hundred, or without points. Points are in units of the board's scale.
        """
        if now_ms - self._noted_ms < EVERY_MS or board.catch_up(_SOME):
            return []
        self._noted_ms = now_ms
        people = [someone for someone in board.stretch(0, FOLLOWED) if someone.now.points]
        places = {someone.person.user_id: place for place, someone in enumerate(people, 1)}
        points = {someone.person.user_id: someone.now.points for someone in people}
        last = self._last
        changed = [(who, place, points[who]) for who, place in places.items() if last.get(who) != place]
        changed += [(who, 0, 0) for who in last if who not in places]
        self._before, self._last = self._last, places
        return changed

    def before(self, user_id: str) -> int:
        """The place of a minute or two ago; 0 when there is none."""
        return self._before.get(user_id, 0)

    def resume(self, places: dict[str, int]) -> None:
        """Go on after what an earlier run noted."""
        self._last = dict(places)
