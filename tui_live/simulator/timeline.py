"""When the faults of a scenario are due."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.simulator.faults import AnyFault
from tui_live.simulator.scenario import At


class Timeline:
    """The faults that are still to come, counted in messages of the script or in seconds of its running."""

    def __init__(self, entries: Sequence[At]) -> None:
        self._waiting: list[tuple[float, At]] = []
        for entry in entries:
            due = entry.messages if entry.messages is not None else entry.seconds
            self._waiting.append((due or 0, entry))

    def pop(self, messages: int, seconds: float) -> AnyFault | None:
        """Take out the fault that is due longest; one that repeats is put back at its distance."""
        due = [(at, entry) for at, entry in self._waiting if at <= self._clock(entry, messages, seconds)]
        if not due:
            return None
        at, entry = min(due, key=lambda item: item[0])
        self._waiting.remove((at, entry))
        if entry.every:
            self._waiting.append((at + entry.every, entry))
        return entry.fault

    def messages_until_next(self, messages: int) -> int | None:
        """How many messages the script may play before a fault is due by count; ``None`` when none is."""
        counts = [at - messages for at, entry in self._waiting if entry.messages is not None]
        return max(0, int(min(counts))) if counts else None

    @staticmethod
    def _clock(entry: At, messages: int, seconds: float) -> float:
        return messages if entry.messages is not None else seconds
