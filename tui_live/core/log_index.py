"""Which lines of the log a reader sees: sequence numbers in order, kept up with the model in small slices.

A filter over a hundred thousand lines is rebuilt from the newest line backwards, so that the screen is right at once
while the rest follows in slices of a few milliseconds. :class:`LogReader` also pauses: it then reads a snapshot, and
counts what it misses.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable
from time import perf_counter

from tui_live.core.log import LogModel, Row, Snapshot

Match = Callable[[Row], bool]

#: Seconds that one slice of work may take before the screen gets its turn.
SLICE = 0.005
#: A filter that needs longer per line than this (seconds, on average over ``_TRIAL`` seconds) is given up.
_TOO_SLOW = 100e-6
_TRIAL = 0.3
#: Evicted numbers are cut off an index in lots of this many.
_TRIM = 8192


class _Everything:
    """The index without a filter: every line that is held."""

    complete = True
    too_slow = False

    def __init__(self, source: LogModel | Snapshot) -> None:
        self._source = source
        self._seqs = range(source.first_seq, source.next_seq)

    def __len__(self) -> int:
        return len(self._seqs)

    def seq_at(self, place: int) -> int:
        return self._seqs[place]

    def place_of(self, seq: int) -> int:
        return min(max(seq - self._seqs.start, 0), len(self._seqs))

    def since(self, seq: int) -> int:
        return self._seqs.stop - seq

    def work(self, budget: float) -> None:
        self._seqs = range(self._source.first_seq, self._source.next_seq)


class _Matching:
    """The index of a filter. ``_older`` descends (it is found backwards) until the rebuild is complete."""

    def __init__(self, source: LogModel | Snapshot, match: Match, chunk: int) -> None:
        self._source = source
        self._match = match
        self._chunk = chunk
        self._upto = self._down = source.next_seq
        self._older = array("Q")
        self._newer = array("Q")
        self._gone = 0
        self._seconds = 0.0
        self._scanned = 0
        self.too_slow = False
        self.complete = self._down <= source.first_seq

    def __len__(self) -> int:
        return len(self._older) + len(self._newer) - self._gone

    def seq_at(self, place: int) -> int:
        older = self._older
        if place < len(older):
            return older[len(older) - 1 - place]
        return self._newer[place - len(older) + self._gone]

    def place_of(self, seq: int) -> int:
        older, newer = self._older, self._newer
        if older and seq <= older[0]:
            # the first place in descending order whose number is below seq, counted from the other end
            return len(older) - bisect_left(older, -seq + 1, key=lambda value: -value)
        return len(older) + bisect_left(newer, seq, lo=self._gone) - self._gone

    def since(self, seq: int) -> int:
        return len(self) - self.place_of(seq)

    def work(self, budget: float) -> None:
        """Take in new lines, forget evicted ones, and go on with the rebuild for at most ``budget`` seconds."""
        start = perf_counter()
        self._evict()
        end = start + budget
        now = self._forward(start, end)
        if not self.complete:
            now = self._backward(now, end)
        self._seconds += now - start
        if self._seconds > _TRIAL:
            self.too_slow = self._seconds > self._scanned * _TOO_SLOW
            self._seconds, self._scanned = self._seconds / 2, self._scanned // 2

    def _forward(self, now: float, end: float) -> float:
        source, match, newer = self._source, self._match, self._newer
        ring, capacity, last = source.ring, source.capacity, source.next_seq
        upto = max(self._upto, source.first_seq)
        while upto < last and now < end:
            stop = min(upto + self._chunk, last)
            for seq in range(upto, stop):
                row = ring[seq % capacity]
                if row is not None and match(row):
                    newer.append(seq)
            self._scanned += stop - upto
            upto = stop
            now = perf_counter()
        self._upto = upto
        return now

    def _backward(self, now: float, end: float) -> float:
        source, match, older = self._source, self._match, self._older
        ring, capacity, first = source.ring, source.capacity, source.first_seq
        down = self._down
        while down > first and now < end:
            stop = max(down - self._chunk, first)
            for seq in range(down - 1, stop - 1, -1):
                row = ring[seq % capacity]
                if row is not None and match(row):
                    older.append(seq)
            self._scanned += down - stop
            down = stop
            now = perf_counter()
        self._down = down
        if down <= first:
            older.reverse()
            older.extend(self._newer[self._gone :] if self._gone else self._newer)
            self._newer, self._older, self._gone = older, array("Q"), 0
            self.complete = True
        return now

    def _evict(self) -> None:
        first = self._source.first_seq
        older, newer = self._older, self._newer
        while older and older[-1] < first:
            older.pop()
        if not older:
            self._gone = bisect_left(newer, first, lo=self._gone)
            if self._gone > _TRIM:
                del newer[: self._gone]
                self._gone = 0


Index = _Everything | _Matching


class LogReader:
    """What one reader sees of the log: places ``0 … len-1``, oldest first, each with its sequence number.

    Places shift when old lines are evicted or a rebuild finds older ones; sequence numbers never do. Call
    :meth:`catch_up` on a timer and :meth:`work` while :attr:`complete` is false.
    """

    def __init__(self, model: LogModel) -> None:
        self.model = model
        self._match: Match | None = None
        self._chunk = 64
        self._live: Index = _Everything(model)
        self._held: Index | None = None
        self._snapshot: Snapshot | None = None

    def __len__(self) -> int:
        return len(self._held if self._held is not None else self._live)

    def seq_at(self, place: int) -> int:
        """The sequence number at a place."""
        return (self._held if self._held is not None else self._live).seq_at(place)

    def place_of(self, seq: int) -> int:
        """The place of the first line with this number or a later one; ``len`` when there is none."""
        return (self._held if self._held is not None else self._live).place_of(seq)

    def row(self, seq: int) -> Row | None:
        """The line with this number, ``None`` when it is gone."""
        return (self._snapshot or self.model).row(seq)

    @property
    def complete(self) -> bool:
        """The filter has been applied to every line held."""
        return self._live.complete and (self._held is None or self._held.complete)

    @property
    def too_slow(self) -> bool:
        """The filter takes so long per line that it should be given up."""
        return self._live.too_slow or (self._held is not None and self._held.too_slow)

    @property
    def paused(self) -> bool:
        """The reader looks at a snapshot; the model goes on."""
        return self._snapshot is not None

    @property
    def missed(self) -> int:
        """While paused: lines that arrived since; with a filter, those that match and are still held."""
        return 0 if self._snapshot is None else self._live.since(self._snapshot.next_seq)

    def set_match(self, match: Match | None, *, chunk: int = 64) -> None:
        """Show only lines that ``match`` accepts (``None``: all).

        ``chunk`` lines are tried between two looks at the clock: one where a single line may take long.
        """
        self._match, self._chunk = match, chunk
        self._live = self._index(self.model)
        if self._snapshot is not None:
            self._held = self._index(self._snapshot)

    def pause(self) -> None:
        """Stand still. Nothing that was there is evicted for this reader until :meth:`resume`."""
        if self._snapshot is None:
            self._snapshot = self.model.snapshot()
            self._held = self._index(self._snapshot)
            self._held.work(SLICE)

    def resume(self) -> None:
        """Look at the living log again."""
        self._snapshot = self._held = None

    def catch_up(self) -> None:
        """Take in what was appended since the last call; to be called once per tick."""
        self._live.work(SLICE)

    def work(self, budget: float = SLICE) -> None:
        """Go on with a rebuild for at most ``budget`` seconds, what is on the screen first."""
        if self._held is not None and not self._held.complete:
            self._held.work(budget)
        elif not self._live.complete:
            self._live.work(budget)

    def _index(self, source: LogModel | Snapshot) -> Index:
        return _Everything(source) if self._match is None else _Matching(source, self._match, self._chunk)
