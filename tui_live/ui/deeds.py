"""What the operator did, in its order: one key takes back the latest, wherever that was."""

from __future__ import annotations

_MOST = 200


class Deeds:
    """Names of streams whose leaderboard or questions were changed, and ``None`` for the trigger rules."""

    def __init__(self) -> None:
        self._done: list[str | None] = []

    @property
    def latest(self) -> str | None:
        """Where the latest deed was. Ask only when there is one."""
        return self._done[-1]

    def __len__(self) -> int:
        return len(self._done)

    def note(self, where: str | None) -> None:
        """Something was done there."""
        self._done.append(where)
        del self._done[:-_MOST]

    def undone(self, where: str | None) -> None:
        """The latest deed there was taken back, or there was none left."""
        for place in range(len(self._done) - 1, -1, -1):
            if self._done[place] == where:
                del self._done[place]
                return
