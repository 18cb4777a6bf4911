"""What reading one room's messages must remember, and what it makes of each."""

from __future__ import annotations

from typing import Any

from tui_live.core.events import Data, Person
from tui_live.core.streaks import StreakLedger
from tui_live.tiktok.people import People

#: Subtype ("" for the table's), who did it, the words, and the data, whose class is the event's type.
Parts = tuple[str, Person | None, str, Data]
#: Polls and battle sides of this many are remembered: a room has one of each at a time.
_REMEMBERED = 50


class Host:
    """Whose room it is: tells gifts to the host from gifts to a guest. The id is 0 while it is not known."""

    __slots__ = ("handle", "user_id")

    def __init__(self, handle: str, user_id: int = 0) -> None:
        self.handle = handle
        self.user_id = user_id

    def receives(self, person: Person | None) -> bool:
        """Whether a gift to ``person`` is the host's; nobody named means the host."""
        if person is None:
            return True
        if self.user_id:
            return person.user_id == str(self.user_id)
        return not person.handle or person.handle == self.handle


class RoomMemory:
    """What decoding must remember of one room: the gift streaks, the people, and who the host is.

    Later messages of a battle or a poll do not repeat the names: ``battlers`` are handle and nickname by user id,
    ``polls`` the question and the options by poll id. ``now_ms`` is when the frame being decoded was received.
    """

    __slots__ = ("battlers", "host", "now_ms", "people", "polls", "streaks")

    def __init__(self, host: Host) -> None:
        self.host = host
        self.streaks = StreakLedger()
        self.people = People()
        self.battlers: dict[int, tuple[str, str]] = {}
        self.polls: dict[int, tuple[str, dict[int, str]]] = {}
        self.now_ms = 0

    def person(self, user: bytes) -> Person | None:
        """The person in a serialized ``User``."""
        return self.people.find(user, self.now_ms) if user else None

    def glimpsed(self, user: bytes) -> Person | None:
        """The person in a serialized ``User`` that stands within a text."""
        return self.people.glimpsed(user, self.now_ms) if user else None

    def poll(self, poll_id: int) -> tuple[str, dict[int, str]]:
        """What is known of a poll: its question, and its options by their index."""
        return self.polls.get(poll_id, ("", {}))

    def remember_poll(self, poll_id: int, question: str, options: dict[int, str]) -> None:
        """Keep a poll's words for the messages that tell only its votes."""
        _make_space(self.polls)
        self.polls[poll_id] = (question, options)

    def remember_battler(self, user_id: int, handle: str, nickname: str) -> None:
        """Keep a battling host's names for the messages that tell only scores."""
        _make_space(self.battlers)
        self.battlers[user_id] = (handle, nickname)


def _make_space(kept: dict[int, Any]) -> None:
    if len(kept) >= _REMEMBERED:
        del kept[next(iter(kept))]
