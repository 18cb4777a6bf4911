"""What one person has done in a session, as the leaderboard counts it."""

from __future__ import annotations

import operator

from msgspec import Struct, structs

from tui_live.core.events import Person

#: What hostile numbers may add up to, for each field: a database holds the sum of all of them, present and used.
MOST = 2**59


class Tally(Struct, gc=False):
    """Points by source, in units of the leaderboard's scale, and the counts that they come from.

    Gifts are the host's only, in units of gifts and in coins; ``follows`` is 0 or 1: only the first counts.
    """

    gift_points: int = 0
    like_points: int = 0
    comment_points: int = 0
    follow_points: int = 0
    share_points: int = 0
    coins: int = 0
    gifts: int = 0
    likes: int = 0
    comments: int = 0
    follows: int = 0
    shares: int = 0

    @property
    def points(self) -> int:
        """All points, in units."""
        return self.gift_points + self.like_points + self.comment_points + self.follow_points + self.share_points

    def __bool__(self) -> bool:
        return self != NOTHING

    def copy(self) -> Tally:
        """The same, to stay as it is."""
        return self.__copy__()  # type: ignore[no-any-return,attr-defined]

    def plus(self, other: Tally, sign: int = 1) -> Tally:
        """Both together; with ``sign`` -1, what is left without the other. No field leaves 0 … ``MOST``."""
        mine, theirs = structs.astuple(self), structs.astuple(other)
        sums = list(map(operator.add if sign > 0 else operator.sub, mine, theirs))
        if min(sums) < 0 or max(sums) > MOST:
            sums = [max(0, min(value, MOST)) for value in sums]
        return Tally(*sums)

    def times(self, factor: int) -> Tally:
        """The same points in units that are ``factor`` times finer; counts stay."""
        values = structs.astuple(self)
        return Tally(*(min(value * factor, MOST) for value in values[:POINTS]), *values[POINTS:])


#: Shared by whoever has nothing; only present totals are ever changed where they stand.
NOTHING = Tally()
#: How many of the fields, from the first on, are points.
POINTS = 5
TALLY_FIELDS = Tally.__struct_fields__


class Participant(Struct, gc=False, eq=False):
    """Somebody who did something in a session.

    ``number`` says in which order they came (from 0); ``now`` is what counts at present, ``used`` what resets have put
    aside. ``follower``: TikTok says so, or they followed in this session. Times are UTC milliseconds. ``entry`` is what
    the ranking knows them by, ``decreed`` how many decrees have reached them.
    """

    person: Person
    number: int
    first_ms: int
    last_ms: int
    now: Tally
    used: Tally
    followed: bool = False
    entry: int = 0
    saved_ms: int = 0
    decreed: int = 0

    @property
    def follower(self) -> bool:
        """Whether they follow the host."""
        return self.followed or self.person.follow_status > 0

    def put_aside(self) -> Tally:
        """Move the present totals to the used ones; returns what was moved."""
        moved = self.now
        self.used = self.used.plus(moved) if self.used else moved
        self.now = Tally()
        return moved

    def take_back(self, moved: Tally) -> None:
        """Undo that: it counts again, beside what has come since."""
        self.now = self.now.plus(moved)
        self.used = self.used.plus(moved, -1)
