"""Events per second, for numbers and sparklines."""

from __future__ import annotations

from collections import deque


class RateMeter:
    """Counts per second over the last ``seconds`` full seconds. Time is any clock in seconds, given by the caller."""

    __slots__ = ("_count", "_second", "_seconds", "total")

    def __init__(self, seconds: int = 60) -> None:
        self._seconds: deque[int] = deque(maxlen=seconds)
        self._second = 0
        self._count = 0
        self.total = 0

    def add(self, count: int, now: float) -> None:
        """``count`` events happened."""
        self._advance(now)
        self._count += count
        self.total += count

    def history(self, now: float) -> tuple[float, ...]:
        """Events in each full second that is over, the oldest first."""
        self._advance(now)
        return tuple(self._seconds)

    def per_second(self, now: float, over: int = 3) -> float:
        """The mean of the last ``over`` full seconds."""
        self._advance(now)
        recent = list(self._seconds)[-over:]
        return sum(recent) / len(recent) if recent else 0.0

    def _advance(self, now: float) -> None:
        second = int(now)
        if second == self._second:
            return
        if self._second:
            self._seconds.append(self._count)
            missed = min(second - self._second - 1, self._seconds.maxlen or 0)
            self._seconds.extend([0] * missed)
        self._second = second
        self._count = 0
