"""Which messages a room has delivered already.

TikTok repeats its last messages after a reconnect and sometimes repeats one within a connection; a message id counts
once per room. Ids are remembered in two generations: when the younger is full it becomes the older, so at least the
last ``size`` and at most twice as many ids are known, at the cost of a set look-up per message.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Minutes of the busiest room, hours of a calm one; what TikTok repeats is seconds old. At most 6 MB a room.
REMEMBERED_IDS = 32_768


class RecentIds:
    """The message ids of one room's recent past."""

    __slots__ = ("_old", "_size", "_young")

    def __init__(self, ids: Iterable[int] = (), size: int = REMEMBERED_IDS) -> None:
        self._size = size
        self._young: set[int] = set()
        self._old: set[int] = set()
        for msg_id in ids:
            self.is_new(msg_id)

    def is_new(self, msg_id: int) -> bool:
        """Whether this id comes for the first time; it is remembered from now on. Id 0 is no identity: always new."""
        if msg_id == 0:
            return True
        if msg_id in self._young or msg_id in self._old:
            return False
        self._young.add(msg_id)
        if len(self._young) >= self._size:
            self._old, self._young = self._young, set()
        return True
