"""Who was there in one session, and who of them did something.

A viewer is whoever a message of TikTok's names as having come in or done something; in a large room it does not name
everybody who comes in. Nobody is ever named as leaving, so how long somebody stayed is not known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Container

from tui_live.core.engagement.figures import Delays, Names
from tui_live.core.engagement.observed import Observed

#: People who are followed one by one: 18 MB at the most, half of it the ids. Later ones are counted as ``beyond``.
MOST_PEOPLE = 200_000
#: What counts as doing something, each with its bit; coming in does not.
ACTS = {"chat": 1, "gift": 2, "like": 4, "social": 8, "question": 16, "emote": 32, "envelope": 64}
_JOINED = 128


class Audience:
    """The people of one session.

    ``known`` has whoever was there in earlier sessions (``None``: that is not known); ``host_id`` is no viewer.
    ``actors`` counts who did each kind of thing, ``active`` who did any; ``flags`` has the :data:`ACTS` of each by
    their number. ``regions`` are told by few messages.
    """

    def __init__(self, known: Container[str] | None = None, host_id: str = "") -> None:
        self.numbers: dict[str, int] = {}
        self.returning = 0
        self.active = 0
        self.joined = 0
        self.beyond = 0
        self.actors: Counter[str] = Counter()
        self.regions = Names()
        self._known = known
        self._host_id = host_id
        self.flags = bytearray()
        #: When each came in last before doing something; without a meaning where that flag is not set.
        self._came: array[int] = array("q")
        #: Coming in and the first action after it, of everybody of whom both are known.
        self._samples: array[int] = array("q")
        self._delays: Counter[int] = Counter()
        self._delays_of = (0, 0)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def knows_earlier(self) -> bool:
        """Whether it is known who was there in earlier sessions."""
        return self._known is not None

    def enter(self, user_id: str, region: str) -> int:
        """The number of somebody who was not there before; -1 for the host and beyond ``MOST_PEOPLE``."""
        if user_id == self._host_id:
            return -1
        if len(self.numbers) >= MOST_PEOPLE:
            self.beyond += 1
            return -1
        number = self.numbers[user_id] = len(self.numbers)
        self.flags.append(0)
        self._came.append(0)
        if self._known is not None and user_id in self._known:
            self.returning += 1
        if region:
            self.regions.add(region)
        return number

    def came(self, number: int, time_ms: int) -> None:
        """Somebody came in."""
        flags = self.flags[number]
        if not flags & _JOINED:
            self.joined += 1
            self.flags[number] = flags | _JOINED
        if not flags & ~_JOINED:
            self._came[number] = time_ms

    def acted(self, number: int, kind: str, time_ms: int) -> None:
        """Somebody did something, of :data:`ACTS`."""
        bit = ACTS[kind]
        flags = self.flags[number]
        if flags & bit:
            return
        if not flags & ~_JOINED:
            self.active += 1
            if flags:
                self._samples.append(self._came[number])
                self._samples.append(time_ms)
        self.actors[kind] += 1
        self.flags[number] = flags | bit

    def first_actions(self, observed: Observed) -> Delays:
        """From coming in (the last time, where somebody came in again) to the first action.

        Only of those who came in and then acted without a gap in between: in one, an earlier action may be lost. Those
        who never act have no delay, so this is no forecast for whoever comes in.
        """
        gaps = observed.gaps
        lost, done = sum(end - start for start, end in gaps), 0
        if self._delays_of[0] == lost:
            done = self._delays_of[1]
        else:
            self._delays.clear()
        ends = [end for _, end in gaps]
        samples = self._samples
        for at in range(done, len(samples), 2):
            came, acted = samples[at], max(samples[at], samples[at + 1])
            after = bisect_right(ends, came)
            if after == len(gaps) or gaps[after][0] > acted:
                self._delays[(acted - came) // 1000] += 1
        self._delays_of = (lost, len(samples))
        return Delays.of(self._delays)
