"""How a room answers at present: the conditions that hold, until they are used up, run out or are healed."""

from __future__ import annotations

import time
from typing import TypeVar

from tui_live.simulator import faults
from tui_live.simulator.faults import Condition

C = TypeVar("C", bound=Condition)


class Conditions:
    """The conditions that hold; a newer one of the same sort replaces the older one."""

    def __init__(self) -> None:
        self._holding: dict[type[Condition], tuple[Condition, int | None, float | None]] = {}

    def impose(self, condition: Condition) -> None:
        """Let ``condition`` hold from now on."""
        seconds = condition.seconds if isinstance(condition, faults.Offline) else None
        until = None if seconds is None else time.monotonic() + seconds
        self._holding[type(condition)] = (condition, condition.times, until)

    def get(self, sort: type[C]) -> C | None:
        """The condition of this sort, if it holds, without using it up."""
        held = self._holding.get(sort)
        if held is None:
            return None
        condition, _, until = held
        if until is not None and time.monotonic() >= until:
            del self._holding[sort]
            return None
        return condition  # type: ignore[return-value]

    def use(self, sort: type[C]) -> C | None:
        """The same, and one of its ``times`` is used up."""
        condition = self.get(sort)
        if condition is not None:
            _, left, until = self._holding[sort]
            if left is not None and left <= 1:
                del self._holding[sort]
            elif left is not None:
                self._holding[sort] = (condition, left - 1, until)
        return condition

    def lift(self, sort: type[Condition]) -> None:
        """End this sort of condition."""
        self._holding.pop(sort, None)

    def clear(self) -> None:
        """End all of them."""
        self._holding.clear()

    def names(self) -> list[str]:
        """What holds, by the names of the faults."""
        return [str(sort.__struct_config__.tag) for sort in list(self._holding) if self.get(sort) is not None]
