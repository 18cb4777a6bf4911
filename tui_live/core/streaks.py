"""Gift streaks: what each gift message adds.

TikTok sends a streakable gift (``type == 1``) many times with a growing ``repeat_count`` under one ``group_id``; the
final message (``repeat_end``) may be missing or come twice, and messages may arrive in any order. What counts is the
highest ``repeat_count`` seen per (user, gift, group), so each message adds its growth over that.
"""

from __future__ import annotations

from collections import OrderedDict

#: A streak lasts minutes; a room has a few hundred open at once. Beyond this the oldest are forgotten.
REMEMBERED_STREAKS = 50_000

#: User id, gift id, group id, as TikTok's numbers.
StreakKey = tuple[int, int, int]


class StreakLedger:
    """The highest ``repeat_count`` counted per (user, gift, group) of one room.

    Tell it with :meth:`growth` what an earlier run of the same room has seen, and nothing is counted twice.
    """

    __slots__ = ("_counted", "_ended")

    def __init__(self) -> None:
        self._counted: OrderedDict[StreakKey, int] = OrderedDict()
        #: When the end of a streak without a group was sent.
        self._ended: dict[StreakKey, int] = {}

    def growth(self, key: StreakKey, repeat_count: int, repeat_end: bool = False, sent_ms: int = 0) -> int:
        """How many gifts this message of the streak ``key`` adds: 0 for a repeat or a late one.

        A missing ``repeat_count`` (0 on the wire) still means one gift. Group 0 names no streak: there, whatever
        follows an end begins a new one, but for a second end with the same count, and for a count on the way to it
        that comes late: one that TikTok sent (``sent_ms``, its clock) before that end, or a lower one where it does not
        say when.
        """
        total = max(repeat_count, 1)
        counted = self._counted.get(key, 0)
        if key[2] == 0:
            ended_ms = self._ended.get(key)
            if ended_ms is not None and not _is_of_the_same(total, counted, repeat_end, sent_ms, ended_ms):
                del self._ended[key]
                counted = 0
            if repeat_end:
                self._ended[key] = sent_ms
        if total <= counted:
            return 0
        self._counted[key] = total
        self._counted.move_to_end(key)
        if len(self._counted) > REMEMBERED_STREAKS:
            self._ended.pop(self._counted.popitem(last=False)[0], None)
        return total - counted


def _is_of_the_same(total: int, counted: int, repeat_end: bool, sent_ms: int, ended_ms: int) -> bool:
    """Whether what follows the end of a streak of so many gifts is a part of it."""
    if repeat_end:
        return total == counted
    if sent_ms and ended_ms:
        return total <= counted and sent_ms <= ended_ms
    return 1 < total < counted
