"""Spikes: something happens far more often than it just did, and chance does not explain it.

Known from the times of the occurrences alone, so that a stream and its recording show the same spikes. The rate over a
window, or over its last quarter, is compared with the rate over the 30 windows before it. Two things make a spike:

- it is at least ``times`` the usual rate, give or take the standard error of such a count;
- a calm stream shows such a count less than once in a million windows. What a calm stream shows follows a negative
  binomial distribution: its mean is the usual rate (half an occurrence is added, so that a rate of nothing is none),
  its variance covers how little is known of that rate and how bursty this stream has been so far.

So a few occurrences are no spike however quiet it was: at one per minute, three times that is nothing unusual.
The first five windows only learn, so that nothing is noticed in the first six. A spike is one until its rate has been
near the usual one for a whole window, and its time is left out of the usual rate; after ten windows, it is the new
usual.
"""

from __future__ import annotations

from math import ceil, exp, floor, inf, log, sqrt

from msgspec import Struct

#: A window has so many bins; the rate before it is known from so many windows, and unknown before so many.
_BINS = 20
_BASELINE = 30 * _BINS
_LEARNING = 5 * _BINS
#: So many windows nothing can be noticed: those that teach what is usual, and the one that is compared with it.
LEARNING_WINDOWS = 6
#: Lengths of what is looked at, in bins.
_SCALES = (_BINS, _BINS // 4)
#: How rarely a calm stream shows a count that is a spike, per look.
_CHANCE = 1e-6
#: Fewer occurrences are never a spike.
_LEAST = 5
#: How bursty a stream is taken to be (variance over mean) before it has shown it, and for how many occurrences.
_BURSTY = 4.0
_BELIEVED = 10.0
#: Windows after which half of what was known about the burstiness is forgotten.
_HALF_LIFE = 120.0
#: A spike that lasts longer is the new usual rate.
_FORGIVEN = 10 * _BINS
#: A silence that should have had so many occurrences was not silence: nobody was looking.
_UNSEEN = 20.0
#: So many occurrences in a row from before the window mean that the clock was set back.
_SET_BACK = 10
#: Above this mean the distribution's tail is approximated.
_MANY = 400.0
_SIGMAS = 5.5


class Spike(Struct, frozen=True):
    """At ``at_s`` (the clock of the occurrences, seconds) there were ``count`` in the last ``seconds``.

    ``usual`` is how many there usually are in that time.
    """

    at_s: float
    count: int
    usual: float
    seconds: float

    @property
    def times(self) -> float:
        """How many times the usual rate."""
        return self.count / self.usual


class Spikes:
    """Finds the spikes of one thing in one stream. Takes a microsecond for an occurrence and 6 KB.

    ``times`` (above 1) is how many times the usual rate is a spike, ``window_s`` the seconds over which it is counted,
    ``start_s`` when watching began; without it, with the first occurrence.
    """

    __slots__ = (
        *("_at", "_base", "_bin", "_calm", "_counts", "_exposure", "_left_out", "_needed", "_scales", "_seen"),
        *("_since", "_spiking", "_stray", "_times", "_width", "_window"),
    )

    def __init__(self, times: float = 3.0, window_s: float = 60.0, start_s: float | None = None) -> None:
        self._times = times
        self._width = window_s / _BINS
        self._window = window_s
        self._reset(start_s)

    def _reset(self, start_s: float | None) -> None:
        """Know nothing, from ``start_s`` on."""
        self._bin = None if start_s is None else floor(start_s / self._width)
        self._counts = [0] * (_BASELINE + _BINS)
        self._left_out = bytearray(_BASELINE + _BINS)
        self._at = 0
        self._seen = 0
        self._base = self._exposure = 0
        self._scales = [_Scale(bins) for bins in _SCALES]
        self._spiking = False
        self._calm = self._since = self._stray = 0
        self._needed: list[float] | None = None

    @property
    def spiking(self) -> bool:
        """Whether a spike lasts, as of the latest occurrence."""
        return self._spiking

    def add(self, at_s: float) -> Spike | None:
        """Something happened at ``at_s``; the spike that begins with it, if one does.

        Times should ascend: one from before the latest counts as the latest, one from before the window not at all,
        until it turns out that the clock was set back, which begins everything anew.
        """
        now = floor(at_s / self._width)
        if self._bin is None:
            self._bin = now
        if now != self._bin and not self._turn(now):
            return None
        self._counts[self._at] += 1
        for scale in self._scales:
            scale.count += 1
        if self._spiking or self._exposure < _LEARNING:
            return None
        if self._needed is None:
            self._needed = [self._least(scale) for scale in self._scales]
        for scale, needed in zip(self._scales, self._needed, strict=True):
            if scale.count >= needed and scale.count >= self._certain(scale):
                self._spiking, self._calm, self._since = True, 0, 0
                return Spike(at_s, scale.count, self._usual(scale), self._window * scale.bins / _BINS)
        return None

    def _usual(self, scale: _Scale) -> float:
        """How many occurrences the scale usually has."""
        return (self._base + 0.5) * scale.bins / max(self._exposure, 1)

    def _least(self, scale: _Scale) -> float:
        """The smallest count that may be ``times`` the usual rate, give or take its standard error."""
        spike = self._times * self._usual(scale)
        return max(_LEAST, ceil(spike - sqrt(spike)))

    def _certain(self, scale: _Scale) -> float:
        """The smallest count that is more than chance; known until the bin is over."""
        if scale.certain is None:
            usual = self._usual(scale)
            scale.certain = _beyond_chance(usual, scale.variance(usual, self._base))
        return scale.certain

    def _turn(self, now: int) -> bool:
        """Go to the bin ``now``; false when the occurrence does not count."""
        assert self._bin is not None
        missed = now - self._bin
        if missed < 0:
            if missed > -_BINS:
                return True
            self._stray += 1
            if self._stray >= _SET_BACK:
                self._reset(now * self._width)
                return True
            return False
        self._stray = 0
        self._bin = now
        # Only where a rate is known is a silence telling: before that, nothing may simply have been going on.
        known = self._exposure >= _LEARNING
        if (
            known
            and missed > _BINS
            and self._usual(scale := self._scales[0]) * missed / _BINS > _UNSEEN * scale.bursty()
        ):
            missed = _BINS
        for _ in range(min(missed, len(self._counts))):
            self._next()
        self._needed = None
        return True

    def _next(self) -> None:
        """One bin is over."""
        size = len(self._counts)
        at = self._at
        self._seen += 1
        learned = self._exposure >= _LEARNING
        for scale in self._scales:
            if learned and not self._spiking and self._seen % scale.bins == 0:
                scale.learn(self._usual(scale))
            scale.certain = None
            scale.count -= self._counts[at - scale.bins + 1]
        leaving = at - _BINS + 1
        if self._seen >= _BINS:
            if self._spiking and self._since < _FORGIVEN:
                self._left_out[leaving] = 1
            else:
                self._base += self._counts[leaving]
                self._exposure += 1
        at = self._at = (at + 1) % size
        if self._seen >= size and not self._left_out[at]:
            self._base -= self._counts[at]
            self._exposure -= 1
        self._counts[at] = self._left_out[at] = 0
        if self._spiking:
            self._settle()

    def _settle(self) -> None:
        """See whether the spike is over."""
        whole = self._scales[0]
        usual = self._usual(whole)
        near = max(usual * (1 + self._times) / 2, usual + 2 * sqrt(whole.variance(usual, self._base)))
        self._since += 1
        self._calm = self._calm + 1 if whole.count <= near else 0
        self._spiking = self._calm < _BINS


class _Scale:
    """A length of time that is looked at: what is in it now, and how bursty such lengths have been."""

    __slots__ = ("_expected", "_fade", "_squares", "bins", "certain", "count")

    def __init__(self, bins: int) -> None:
        self.bins = bins
        self.count = 0
        self.certain: float | None = None
        self._fade = exp(log(0.5) * bins / _BINS / _HALF_LIFE)
        self._squares = 0.0
        self._expected = 0.0

    def learn(self, usual: float) -> None:
        """What is in it now is what a calm stream has where ``usual`` was expected."""
        self._squares = self._squares * self._fade + (self.count - usual) ** 2
        self._expected = self._expected * self._fade + usual

    def bursty(self) -> float:
        """Variance over mean of the counts, at least 1: that of pure chance."""
        return max(1.0, (self._squares + _BURSTY * _BELIEVED) / (self._expected + _BELIEVED))

    def variance(self, usual: float, counted: int) -> float:
        """Of the next count, where ``counted`` occurrences have told that it is ``usual``."""
        return usual * self.bursty() + usual * usual / (counted + 0.5)


def _beyond_chance(mean: float, variance: float) -> float:
    """The smallest count that a negative binomial distribution exceeds or reaches with at most :data:`_CHANCE`."""
    if mean > _MANY:
        return mean + _SIGMAS * sqrt(variance)
    size = mean * mean / (variance - mean)
    failing = 1 - mean / variance
    probability = exp(size * log(1 - failing)) if failing < 1 else 0.0
    if probability == 0.0:
        return inf
    below = 0.0
    count = 0
    while 1 - below > _CHANCE:
        below += probability
        probability *= (size + count) / (count + 1) * failing
        count += 1
    return count
