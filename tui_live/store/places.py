"""Where messages stand in stored frames: sets of millions in a few megabytes."""

from __future__ import annotations

from array import array
from bisect import bisect_left

#: No frame holds as many messages (:data:`tui_live.tiktok.decode.MOST_MESSAGES`).
_PER_FRAME = 1 << 13


class Numbers:
    """A set of whole numbers below 2^63, 8 bytes each; what was added is found once all have been added."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._is_sorted = True

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, number: int) -> None:
        """Add a number."""
        self._numbers.append(number)
        self._is_sorted = False

    def __contains__(self, number: int) -> bool:
        found = self._find(number)
        return found < len(self._numbers) and self._numbers[found] == number

    def between(self, first: int, end: int) -> array[int]:
        """The numbers from ``first`` to below ``end``, in order."""
        return self._numbers[self._find(first) : self._find(end)]

    def _find(self, number: int) -> int:
        if not self._is_sorted:
            self._numbers = array("q", sorted(self._numbers))
            self._is_sorted = True
        return bisect_left(self._numbers, number)


class Places:
    """A set of messages by the frame they are in and the place at which they stand there."""

    def __init__(self) -> None:
        self._keys = Numbers()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, frame_id: int, place: int) -> None:
        """Add a message."""
        self._keys.add(frame_id * _PER_FRAME + place)

    def has(self, frame_id: int | None, place: int) -> bool:
        """Whether a message is in the set."""
        return frame_id is not None and frame_id * _PER_FRAME + place in self._keys

    def of(self, frame_id: int) -> frozenset[int]:
        """The places in one frame."""
        start = frame_id * _PER_FRAME
        return frozenset(key - start for key in self._keys.between(start, start + _PER_FRAME))
