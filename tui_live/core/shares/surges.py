"""Spikes of shares, when each began, how high and how long it was, and what happened before and after.

Found by :mod:`tui_live.core.spikes` from the times of the observed shares on a clock that stands still in gaps, so that
a gap neither looks like silence nor lowers the usual rate.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Sequence
from math import log

from msgspec import Struct

from tui_live.core.engagement.figures import Comparison, Rate
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS
from tui_live.core.shares.course import Course, course
from tui_live.core.shares.rules import ShareRules
from tui_live.core.spikes import Spike, Spikes

#: Spikes and shares that are remembered; of later ones only the number is known.
MOST_SPIKES = 1_000
MOST_SHARES = 500_000
#: A share may be dated so much later than anything that came.
_AHEAD_MS = 60_000
_NEVER_MS = 2**62


class Surge(Struct, frozen=True):
    """A spike of shares, noticed at ``at_ms`` with ``count`` shares in ``seconds`` where there usually are ``usual``.

    ``began_ms`` is when the rate most likely changed: of the shares in that time, the one from which on the observed
    ones are the most surprising at the usual rate. ``messages_before``, ``gifts_before`` (units) and ``coins_before``
    are over the window before it began, to five seconds: the session's own ``messages_per_minute`` and so on are what
    to compare them with. That something came before is no proof that it was the cause. ``follows_after`` (first
    follows) and ``joins_after`` (people who come in for the first time) are over ``after_seconds`` from its beginning.
    It came to ``shares`` until ``end_ms``, from when on its rate was most likely back; the highest was ``peak_count``
    within ``peak_seconds`` until ``peak_ms``, ``peak_times`` the usual. ``viral``: a window of it reaches
    ``viral_per_minute``, where that is set.
    """

    at_ms: int
    began_ms: int
    count: int
    usual: float
    seconds: float
    times: float
    end_ms: int
    shares: int
    peak_ms: int
    peak_count: int
    peak_seconds: float
    peak_times: float
    viral: bool
    messages_before: Rate
    gifts_before: Rate
    coins_before: Rate
    follows_after: Rate
    joins_after: Rate


class Surges:
    """The spikes so far."""

    def __init__(self, rules: ShareRules, observed: Observed) -> None:
        self._rules = rules
        self._observed = observed
        self._times: array[int] = array("q")
        self._lost = 0
        self._begin()

    def _begin(self) -> None:
        start_s = self._observed.clock_s(self._observed.start_ms)
        self._spikes = Spikes(self._rules.spike_times, self._rules.window_seconds, start_s)
        #: The observed shares: times in ms, ascending as far as they came so.
        self._fed: array[int] = array("q")
        self._found: list[tuple[int, int, Spike]] = []
        #: The first share of each that made it noticed, by its place, and what those that are over came to.
        self._firsts: list[int] = []
        self._courses: list[Course] = []
        self._unseen = 0
        #: How many of the shares were looked at, and up to which time; the first that was beyond what is credible.
        self._looked, self._latest_ms, self._ahead_ms = 0, 0, _NEVER_MS
        self._stale = False

    @property
    def spiking(self) -> bool:
        """Whether a spike lasts, as of the latest share that :meth:`settle` looked at."""
        return self._spikes.spiking

    @property
    def count(self) -> int:
        """How many spikes there are, also those beyond :data:`MOST_SPIKES`."""
        return len(self._found) + self._unseen

    def add(self, time_ms: int) -> None:
        """Somebody shared; :meth:`go_on` or :meth:`settle` looks at it."""
        if len(self._times) >= MOST_SHARES:
            self._lost += 1
        else:
            self._times.append(time_ms)

    def gap(self, start_ms: int) -> None:
        """There is another gap. One that lies before shares that were looked at changes what they mean."""
        self._stale = self._stale or start_ms <= self._latest_ms

    def go_on(self, latest_ms: int) -> None:
        """Look at new shares now rather than all at the end; something else has just come with this time."""
        if self._stale or self._ahead_ms < _NEVER_MS:
            return
        times = self._times
        for at in range(self._looked, len(times)):
            if times[at] > latest_ms + _AHEAD_MS:
                break
            self._look(times[at])

    def settle(self, until_ms: int) -> None:
        """Look at the shares that are new; at all of them again if a gap or ``until_ms`` has changed what they mean.

        The session was watched until then. A share dated later than that (TikTok's clock may be a bit ahead) would
        make the ones after it look like old ones: it is left out, until then.
        """
        limit_ms = until_ms + _AHEAD_MS
        if self._stale or self._ahead_ms <= limit_ms or self._latest_ms > limit_ms:
            self._begin()
        times = self._times
        for at in range(self._looked, len(times)):
            if times[at] > limit_ms:
                self._ahead_ms = min(self._ahead_ms, times[at])
                self._looked += 1
            else:
                self._look(times[at])

    def _look(self, time_ms: int) -> None:
        self._looked += 1
        self._latest_ms = max(self._latest_ms, time_ms)
        if not self._observed.covers(time_ms):
            return
        lasted = self._spikes.spiking
        spike = self._spikes.add(self._observed.clock_s(time_ms))
        if lasted and self._unseen == 0 and (spike is not None or not self._spikes.spiking):
            self._courses.append(self._course(len(self._courses)))
        self._fed.append(time_ms)
        if spike is None:
            return
        if len(self._found) >= MOST_SPIKES:
            self._unseen += 1
            return
        within = sorted(self._fed[-spike.count :])
        self._firsts.append(len(self._fed) - len(within))
        self._found.append((time_ms, self._beginning(within, spike), spike))

    def _beginning(self, times: Sequence[int], spike: Spike) -> int:
        """The share from which on the rate was most likely another (the greatest likelihood ratio)."""
        per_second = spike.usual / spike.seconds
        now_s = self._observed.clock_s(times[-1])
        best, began_ms = 0.0, times[-1]
        for at, time_ms in enumerate(times[:-1]):
            count = len(times) - at
            expected = per_second * max(now_s - self._observed.clock_s(time_ms), 1.0)
            surprise = count * log(count / expected) - (count - expected)
            if count > expected and surprise > best:
                best, began_ms = surprise, time_ms
        return began_ms

    def _course(self, number: int) -> Course:
        """Of a spike that is over, or of the last one as far as it is."""
        if number < len(self._courses):
            return self._courses[number]
        at_ms, began_ms, spike = self._found[number]
        times = sorted(self._fed[self._firsts[number] :])
        return course(spike, at_ms, began_ms, times, self._rules.window_seconds, self._observed.clock_s)

    @property
    def unremembered(self) -> int:
        """Spikes beyond :data:`MOST_SPIKES` and shares beyond :data:`MOST_SHARES`."""
        return self._lost + self._unseen

    def told(self, seen: Seen, most: int) -> list[Surge]:
        """So many of the spikes, those that were the highest, in order of time; with what was before and after."""
        courses = [self._course(number) for number in range(len(self._found))]
        told = range(len(courses))
        highest = heapq.nlargest(most, told, key=lambda at: (courses[at].peak.times, -at)) if len(told) > most else told
        return [self._surge(seen, *self._found[at], courses[at]) for at in sorted(highest)]

    def follows_after(self, seen: Seen) -> Comparison:
        """Follows within ``after_seconds`` from the beginnings of spikes, against all other observed time."""
        after = steps(self._rules.after_seconds)
        places = [seen.place(began_ms) for _, began_ms, _ in self._found]
        return seen.compare("follows", [(place, place + after) for place in places])

    def _surge(self, seen: Seen, at_ms: int, began_ms: int, spike: Spike, whole: Course) -> Surge:
        place = seen.place(began_ms)
        before = place - steps(self._rules.window_seconds)
        after = place + steps(self._rules.after_seconds)
        viral = self._rules.viral_per_minute
        return Surge(
            at_ms,
            began_ms,
            spike.count,
            spike.usual,
            spike.seconds,
            spike.times,
            whole.end_ms,
            whole.shares,
            whole.peak.at_ms,
            whole.peak.shares,
            whole.peak.seconds,
            whole.peak.times,
            viral is not None and whole.most.shares * 60 / whole.most.seconds >= viral,
            seen.within("messages", before, place),
            seen.within("gifts", before, place),
            seen.within("coins", before, place),
            seen.within("follows", place, after),
            seen.within("joins", place, after),
        )


def steps(seconds: float) -> int:
    """So many seconds in steps of a series, at least one."""
    return max(1, round(seconds * 1000 / STEP_MS))
