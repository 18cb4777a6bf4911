"""Which lines of the log are on the screen: scrolling, following and selecting, anchored by sequence number.

Places in the log shift when old lines are evicted; a sequence number does not, so the text under a reader never moves.
When eviction comes near the lines that somebody reads, the reader is paused instead of having them pulled away.
"""

from __future__ import annotations

from tui_live.core.log import Row
from tui_live.core.log_index import LogReader, Match

#: A reader is held when what they read will be evicted within this part of the log's capacity.
_NEAR_EVICTION = 10


def thumb(top: int, height: int, count: int) -> tuple[int, int]:
    """First and last-plus-one row of a scrollbar's thumb beside ``height`` of ``count`` lines, ``top`` the first seen.

    ``(0, 0)`` when everything fits.
    """
    if count <= height:
        return 0, 0
    size = max(1, height * height // count)
    start = round((height - size) * top / (count - height))
    return start, start + size


class Viewport:
    """A window of ``height`` lines on a :class:`LogReader`. ``rows`` holds the sequence numbers in it, top first."""

    def __init__(self, reader: LogReader) -> None:
        self.reader = reader
        self.height = 1
        self.follow = True
        self.selected: int | None = None
        self.rows: list[int] = []
        self.top = 0
        self._anchor = 0
        self._seen = -1

    @property
    def new(self) -> int:
        """Lines that came since the reader last saw the end."""
        reader = self.reader
        return len(reader) - reader.place_of(self._seen + 1) + reader.missed

    def update(self) -> None:
        """Work out what stands in the window now; to be called after the reader has caught up."""
        reader = self.reader
        count = len(reader)
        last = max(0, count - self.height)
        self.top = last if self.follow else min(reader.place_of(self._anchor), last)
        self.rows = [reader.seq_at(place) for place in range(self.top, min(self.top + self.height, count))]
        if self.rows:
            self._seen = max(self._seen, self.rows[-1])
            model = reader.model
            soon = model.next_seq - model.capacity + model.capacity // _NEAR_EVICTION
            if not self.follow and not reader.paused and self.rows[0] < soon:
                reader.pause()

    def end(self) -> None:
        """Go to the newest line and stay there; a pause ends."""
        self.follow = True
        self.selected = None
        self.reader.resume()
        self._seen = max(self._seen, self.reader.model.next_seq - 1)
        self.update()

    def home(self) -> None:
        """Go to the oldest line."""
        self._look_at(0)

    def scroll(self, lines: int) -> None:
        """Move the window; reaching the end by scrolling down follows again (unless paused)."""
        last = max(0, len(self.reader) - self.height)
        top = self.top + lines
        if lines > 0 and top >= last:
            self.follow = True
            self.update()
        elif top < self.top or not self.follow:
            self._look_at(max(0, top))

    def scroll_to_part(self, part: float) -> None:
        """Put the window at a part (0 … 1) of the log, as a dragged scrollbar does."""
        last = max(0, len(self.reader) - self.height)
        if part >= 1:
            self.follow = True
            self.update()
        else:
            self._look_at(round(last * max(0.0, part)))

    def move(self, lines: int) -> None:
        """Move the selection; below the last line is the end, which follows."""
        reader = self.reader
        if not len(reader) or not self.rows:
            return
        if self.selected is None or not self.rows[0] <= self.selected <= self.rows[-1]:
            if lines < 0 or not self.follow:
                self.select(self.rows[-1] if lines < 0 else self.rows[0])
            return
        place = reader.place_of(self.selected) + lines
        if place >= len(reader):
            if not reader.paused:
                self.end()
            return
        self.select(reader.seq_at(max(0, place)))

    def select(self, seq: int) -> None:
        """Select a line, bring it into the window, and stop following."""
        self.selected = seq
        place = self.reader.place_of(seq)
        if place < self.top:
            self._look_at(place)
        elif place >= self.top + self.height:
            self._look_at(place - self.height + 1)
        else:
            self._look_at(self.top)

    def selected_row(self) -> Row | None:
        """The selected line, if there is one and it is still held."""
        return None if self.selected is None else self.reader.row(self.selected)

    def find(self, match: Match, *, newer: bool) -> bool:
        """Select the next match above or below the selection (or the window's end); tell if there is one."""
        reader = self.reader
        if self.selected is not None:
            start = reader.place_of(self.selected) + (1 if newer else -1)
        else:
            start = self.top + len(self.rows) - (0 if newer else 1)
        places = range(start, len(reader)) if newer else range(min(start, len(reader) - 1), -1, -1)
        for place in places:
            seq = reader.seq_at(place)
            row = reader.row(seq)
            if row is not None and match(row):
                self.select(seq)
                return True
        return False

    def thumb(self) -> tuple[int, int]:
        """First and last-plus-one row of the scrollbar's thumb; ``(0, 0)`` when everything fits."""
        return thumb(self.top, self.height, len(self.reader))

    def _look_at(self, place: int) -> None:
        reader = self.reader
        self.follow = False
        if len(reader):
            self._anchor = reader.seq_at(min(max(0, place), len(reader) - 1))
        self.update()
