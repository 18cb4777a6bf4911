"""The log of all streams: a ring buffer of plain tuples, addressed by sequence number.

The model knows no screen. Whoever publishes events calls :meth:`LogModel.append` (about a microsecond an event) and
nothing else happens; whoever shows the log looks at it on a timer, through :mod:`tui_live.core.log_index`.

Rows are plain tuples of strings and numbers because the garbage collector stops tracking those: a full collection over
a hundred thousand of them costs nothing; the event's data is not tracked either. Who somebody is beyond their name, and
the original message, are in the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from tui_live.core.counts import several
from tui_live.core.events import Event

#: One line of the log: time (UTC ms), stream index, type, subtype, nickname, handle, text, coins, user id, TikTok's
#: message id, the event's typed data (``None`` for a note), and whether it happened just now: no note, and nothing that
#: TikTok repeats. The time does not tell: it is by TikTok's clock, and this machine's may be minutes off.
Row = tuple[int, int, str, str, str, str, str, int, str, int, Any, bool]
TIME: Final = 0
STREAM: Final = 1
TYPE: Final = 2
SUBTYPE: Final = 3
NICKNAME: Final = 4
HANDLE: Final = 5
TEXT: Final = 6
COINS: Final = 7
USER_ID: Final = 8
MSG_ID: Final = 9
DATA: Final = 10
FRESH: Final = 11

#: The type of a line that is not an event of a stream: a change of its state.
NOTE = "note"
#: The subtype of a line about a trigger and its clip.
TRIGGER = "trigger"


class LogModel:
    """The last ``capacity`` lines of all streams.

    Line ``seq`` (counted from 0 since the start, never reused) is held while ``first_seq <= seq < next_seq``.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        if capacity < 1:
            raise ValueError("a log holds at least one line")
        self.capacity = capacity
        self.next_seq = 0
        self.ring: list[Row | None] = [None] * capacity
        self._cleared = 0
        self._names: dict[int, str] = {}

    @property
    def total(self) -> int:
        """How many lines were ever appended."""
        return self.next_seq

    @property
    def first_seq(self) -> int:
        """The oldest line that may be shown: neither overwritten nor cleared away."""
        return max(self.next_seq - self.capacity, self._cleared)

    def append(self, stream: int, events: Sequence[Event], *, live: bool = True) -> None:
        """Add what a frame brought. The hot path: no display work, no callbacks.

        ``live``: it came over a line that was up, not as what a connect brings along.
        """
        rows: list[Row | None] = []
        add = rows.append
        for event in events:
            kind = event.type
            text = event.text
            coins = 0
            data: Any = event.data
            if kind == "gift":
                coins = data.coins_delta
            if not text:
                describe = _DESCRIBE.get(kind)
                if describe is not None:
                    text = describe(event, data)
            user = event.user
            fresh = live and not event.history
            when, subtype, msg_id = event.time_ms, event.subtype, event.msg_id
            if user is None:
                add((when, stream, kind, subtype, "", "", text, coins, "", msg_id, data, fresh))
            else:
                nickname = user.nickname or user.handle or user.user_id
                who = user.user_id
                handle = user.handle
                add((when, stream, kind, subtype, nickname, handle, text, coins, who, msg_id, data, fresh))
        self._store(rows)

    def note(self, stream: int, text: str, time_ms: int | None = None) -> None:
        """Add a line about a stream that is no event: a change of its state and the reason."""
        when = int(time.time() * 1000) if time_ms is None else time_ms
        self._store([(when, stream, NOTE, "", "", "", text, 0, "", 0, None, False)])

    def trigger(
        self,
        stream: int,
        username: str,
        nickname: str,
        text: str,
        user_id: str = "",
        time_ms: int | None = None,
    ) -> None:
        """Add a line about a trigger: who set it off, and what came of it. Its type is that of a note."""
        who = nickname or username
        when = int(time.time() * 1000) if time_ms is None else time_ms
        self._store([(when, stream, NOTE, TRIGGER, who, username, text, 0, user_id, 0, None, False)])

    def clear(self) -> None:
        """Empty what is shown. Numbers go on; events in the database are untouched."""
        self._cleared = self.next_seq

    def row(self, seq: int) -> Row | None:
        """Line ``seq``, or ``None`` when it is no longer, or not yet, held."""
        if self.first_seq <= seq < self.next_seq:
            return self.ring[seq % self.capacity]
        return None

    def name_stream(self, index: int, name: str) -> None:
        """Say what the stream with this index is called; rows hold the index only."""
        self._names[index] = name

    def stream_name(self, index: int) -> str:
        """What the stream with this index is called, empty when nobody said."""
        return self._names.get(index, "")

    @property
    def stream_names(self) -> dict[int, str]:
        """All names by index; not to be changed."""
        return self._names

    def snapshot(self) -> Snapshot:
        """The lines as they are now, for a reader who pauses: shares the rows, copies only the references."""
        return Snapshot(self)

    def _store(self, rows: list[Row | None]) -> None:
        capacity = self.capacity
        self.next_seq += len(rows)
        if len(rows) > capacity:
            rows = rows[-capacity:]
        start = (self.next_seq - len(rows)) % capacity
        room = capacity - start
        if len(rows) <= room:
            self.ring[start : start + len(rows)] = rows
        else:
            self.ring[start:] = rows[:room]
            self.ring[: len(rows) - room] = rows[room:]


class Snapshot:
    """A log that stands still: same reading interface as :class:`LogModel`, nothing is ever added."""

    def __init__(self, model: LogModel) -> None:
        self.capacity = model.capacity
        self.next_seq = model.next_seq
        self.first_seq = model.first_seq
        self.ring = model.ring.copy()

    def row(self, seq: int) -> Row | None:
        """Line ``seq`` as it was when the snapshot was taken."""
        if self.first_seq <= seq < self.next_seq:
            return self.ring[seq % self.capacity]
        return None


def _gift(event: Event, data: Any) -> str:
    return f"{data.gift_name} ×{data.repeat_count}"


def _likes(event: Event, data: Any) -> str:
    return several(data.like_count, "like")


def _member(event: Event, data: Any) -> str:
    return "" if data.action == "joined" else data.action


def _social(event: Event, data: Any) -> str:
    text = "" if event.subtype in ("follow", "share") else data.action
    joined = getattr(data, "users_joined", None)
    return f"{joined:,} came by it" if isinstance(joined, int) and joined else text


def _room(event: Event, data: Any) -> str:
    return f"{several(data.viewer_count, 'viewer')}, {data.total_user_count:,} in total"


def _control(event: Event, data: Any) -> str:
    return data.tips or event.subtype


def _other(event: Event, data: Any) -> str:
    error = getattr(data, "error", None)
    return f"{data.method}: {error}" if isinstance(error, str) else str(data.method)


_DESCRIBE: dict[str, Callable[[Event, Any], str]] = {
    "gift": _gift,
    "like": _likes,
    "member": _member,
    "social": _social,
    "room_update": _room,
    "control": _control,
    "other": _other,
}
