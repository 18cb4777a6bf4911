"""New viewers per share: whether more people come in for the first time after shares than there do around that time.

Most people come in for the first time early, and where many share the windows after shares are nearly all of the time:
so the rest of a session is nothing to compare with. Within blocks of ten windows instead, the first joins of each step
are set against how many shares there were in the window before it: by a straight line, level and trend of each block
apart. What comes out is told only when chance is not likely to have made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS
from tui_live.core.shares.result import NewViewers
from tui_live.core.shares.rules import ShareRules
from tui_live.core.shares.surges import steps

#: Windows of a block, and of the shortest one that is looked at.
_BLOCK, _SHORTEST = 10, 3
#: So many shares and blocks are the least.
_LEAST_SHARES, _LEAST_BLOCKS = 5, 3
#: Told when the standard error is at most this, or the figure so many times its standard error.
_PRECISE, _CERTAIN = 0.5, 4.0


def new_viewers(seen: Seen, rules: ShareRules) -> NewViewers:
    """The estimate, from the steps that were observed with the whole window before them."""
    window = steps(rules.window_seconds)
    shares, joins, column = seen.sums("shares"), seen.sums("joins"), seen.column("joins")
    blocks = list(_blocks(seen, window))
    lines = [
        (
            _straightened([shares[at] - shares[at - window] for at in range(*block)]),
            _straightened(column[slice(*block)]),
        )
        for block in blocks
    ]
    number = sum(last - first for first, last in blocks)
    shared = sum(shares[last] - shares[first] for first, last in blocks)
    came = sum(joins[last] - joins[first] for first, last in blocks)
    of = NewViewers(shared, came, number * STEP_MS / 60_000, None, None)
    spread = sum(x * x for xs, _ in lines for x in xs)
    telling = sum(any(abs(x) > 1e-9 for x in xs) for xs, _ in lines)
    if shared < _LEAST_SHARES or telling < _LEAST_BLOCKS or spread < 1e-9:
        return of
    slope = sum(x * y for xs, ys in lines for x, y in zip(xs, ys, strict=True)) / spread
    left = [[(x, y - slope * x) for x, y in zip(xs, ys, strict=True)] for xs, ys in lines]
    even = sum(one * one for some in left for _, one in some) / max(1, number - 2 * len(lines) - 1) / spread
    # People come in by bursts: what is left over within a block hangs together.
    bursty = sum(sum(x * one for x, one in some) ** 2 for some in left) / spread**2 * telling / (telling - 1)
    per_share, error = slope * window, sqrt(max(even, bursty)) * window
    known = error <= _PRECISE or abs(per_share) >= _CERTAIN * error
    return NewViewers(shared, came, of.minutes, per_share if known else None, error)


def _blocks(seen: Seen, window: int) -> Iterator[tuple[int, int]]:
    """Stretches of steps (from, until before) that were observed, as was the window before each of them."""
    begin, size = 0, seen.size
    for at in range(size + 1):
        if at < size and seen.observed[at] == STEP_MS:
            continue
        first = begin + window
        for start in range(first, at, _BLOCK * window):
            end = min(start + _BLOCK * window, at)
            if end - start >= _SHORTEST * window:
                yield start, end
        begin = at + 1


def _straightened(values: Sequence[int]) -> list[float]:
    """The values without their mean and their straight trend."""
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    trend = sum((at - middle) * one for at, one in enumerate(values)) * 12 / (count * (count * count - 1))
    return [one - mean - trend * (at - middle) for at, one in enumerate(values)]
