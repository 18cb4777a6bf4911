"""From a frame's bytes to a batch of events.

Nothing that TikTok sends raises out of here: what cannot be read becomes an event of type ``other``, subtype
``undecodable``, and its bytes stay in the frame.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from google.protobuf.message import DecodeError

from tui_live.core.events import Batch, Data, Event, Person
from tui_live.core.recent import RecentIds
from tui_live.core.text import stored
from tui_live.tiktok.kinds import TABLE, Host, RoomMemory, Row, other, undecodable
from tui_live.tiktok.kinds.words import MOST_CHARACTERS, cut
from tui_live.tiktok.people import TooManyPeople
from tui_live.wire.frames import Frame
from tui_live.wire.reading import reading_class
from tui_live.wire.schema import text

log = logging.getLogger(__name__)

#: TikTok's ``create_time`` is milliseconds; some messages carry seconds.
_SECONDS_BELOW = 100_000_000_000
#: A message that claims to be from long ago or from tomorrow is given the time of its arrival.
_CREDIBLE_MS = 2 * 86_400_000


#: TikTok sends some dozens of messages in a frame. A frame of millions would stop the program for seconds.
MOST_MESSAGES = 5_000


class RoomDecoder:
    """Decodes the frames of one room, in the order in which they arrive.

    It remembers which messages the room has delivered and how far each gift streak is counted: give it the ids and
    streaks of an earlier run, and a restart counts nothing twice.
    """

    def __init__(self, room_id: str, host: Host, known_ids: Iterable[int] = ()) -> None:
        self.room_id = room_id
        self.memory = RoomMemory(host)
        self._recent = RecentIds(known_ids)

    def decode(self, frame: Frame, received_ms: int) -> Batch:
        """The batch of events in one frame. ``received_ms``: when it came, UTC milliseconds.

        Of a frame that would take long, what is left counts as undecodable, each message by itself.
        """
        if frame.error:
            subtype, user, words, data = undecodable("", frame.error)
            event = Event("other", subtype, user, words, received_ms, data, 0, 0)
            return Batch(self.room_id, received_ms, frame.payload, (event,), 0, 1)
        self.memory.now_ms = received_ms
        self.memory.people.read = 0
        events: list[Event] = []
        duplicates = failed = 0
        is_new = self._recent.is_new
        for place, message in enumerate(frame.messages):
            if place >= MOST_MESSAGES:
                events.append(_rest(frame, place, received_ms))
                failed += len(frame.messages) - place
                break
            msg_id = message.msg_id
            if not is_new(msg_id):
                duplicates += 1
                continue
            try:
                subtype, user, words, data, time_ms = self._read(message)
            except TooManyPeople:
                events.append(_rest(frame, place, received_ms))
                failed += len(frame.messages) - place
                break
            if subtype == "undecodable":
                failed += 1
            if not -_CREDIBLE_MS < time_ms - received_ms < _CREDIBLE_MS:
                time_ms = received_ms
            events.append(
                Event(data.event_type, subtype, user, words, time_ms, data, msg_id, place, message.is_history)
            )
        return Batch(self.room_id, received_ms, frame.payload, tuple(events), duplicates, failed)

    def _read(self, message: Any) -> tuple[str, Person | None, str, Data, int]:
        """The parts of one message and its time by TikTok's clock (UTC ms, 0 when it carries none).

        Raises :class:`~tui_live.tiktok.people.TooManyPeople`.
        """
        method = message.method
        known = _READERS.get(method) or _reader(method)
        if known is None:
            return *other(stored(text(method))[:100]), 0
        cls, row = known
        try:
            parsed = cls.FromString(message.payload)
        except DecodeError:
            return *undecodable(method, "not a message of its schema"), 0
        try:
            subtype, user, words, data = row.build(parsed, self.memory)
            time_ms = parsed.common.create_time
        except TooManyPeople:
            raise
        except Exception as error:  # whatever it is: the others of the frame are to be read
            log.exception("a %s could not be turned into an event", method)
            return *undecodable(method, f"{type(error).__name__} while reading it"), 0
        if len(words) > MOST_CHARACTERS:
            words = cut(words)
        return subtype or row.subtype, user, words, data, time_ms * 1000 if time_ms < _SECONDS_BELOW else time_ms


def _rest(frame: Frame, place: int, received_ms: int) -> Event:
    """Says how many messages of a frame are not looked at, from ``place`` on."""
    parts = undecodable("", f"{len(frame.messages) - place} more messages in one frame")
    return Event("other", *parts[:3], received_ms, parts[3], 0, place)


_READERS: dict[str, tuple[type[Any], Row]] = {}


def _reader(method: str | bytes) -> tuple[type[Any], Row] | None:
    """What reads a method's messages: its class and its row; ``None`` for a method that nobody knows."""
    if not isinstance(method, str) or (row := TABLE.get(method)) is None or (cls := reading_class(method)) is None:
        return None
    return _READERS.setdefault(method, (cls, row))


def build_readers() -> None:
    """Build the classes of all messages, so that no first frame waits for it; it takes most of a second."""
    for method in TABLE:
        _reader(method)
