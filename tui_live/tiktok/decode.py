"""From a frame's bytes to a batch of events.

Nothing that TikTok sends raises out of here: what cannot be read becomes an event of type ``other``, subtype
``undecodable``, and its bytes stay in the frame.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from google.protobuf.message import DecodeError

from tui_live.core.events import Batch, Event
from tui_live.core.recent import RecentIds
from tui_live.core.text import stored
from tui_live.tiktok.kinds import BUILDERS, Host, Parts, RoomMemory, other, undecodable
from tui_live.wire.frames import Frame
from tui_live.wire.schema import method_class, text

log = logging.getLogger(__name__)

#: TikTok's ``create_time`` is milliseconds; some messages carry seconds.
_SECONDS_BELOW = 100_000_000_000
#: A message that claims to be from long ago or from tomorrow is given the time of its arrival.
_CREDIBLE_MS = 2 * 86_400_000


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
        """The batch of events in one frame. ``received_ms``: when it came, UTC milliseconds."""
        if frame.error:
            parts = undecodable("", frame.error)
            event = Event(*parts[:4], received_ms, parts[4], 0, 0)
            return Batch(self.room_id, received_ms, frame.payload, (event,), 0, 1)
        self.memory.now_ms = received_ms
        events: list[Event] = []
        duplicates = failed = 0
        is_new = self._recent.is_new
        for place, message in enumerate(frame.messages):
            msg_id = message.msg_id
            if not is_new(msg_id):
                duplicates += 1
                continue
            parts, time_ms = self._build(message)
            if parts[1] == "undecodable":
                failed += 1
            if abs(time_ms - received_ms) > _CREDIBLE_MS:
                time_ms = received_ms
            kind, subtype, user, words, data = parts
            events.append(Event(kind, subtype, user, words, time_ms, data, msg_id, place, message.is_history))
        return Batch(self.room_id, received_ms, frame.payload, tuple(events), duplicates, failed)

    def _build(self, message: Any) -> tuple[Parts, int]:
        """The parts of one message and its time by TikTok's clock (UTC ms, 0 when it carries none)."""
        method = text(message.method)
        cls = method_class(method)
        if cls is None:
            return other(stored(method)[:100], None, self.memory), 0
        try:
            parsed = cls.FromString(message.payload)
        except DecodeError:
            return undecodable(method, "not a message of its schema"), 0
        builder = BUILDERS.get(method)
        try:
            parts = builder(parsed, self.memory) if builder else other(method, parsed, self.memory)
            time_ms = parsed.common.create_time
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            log.exception("a %s could not be turned into an event", method)
            return undecodable(method, f"{type(error).__name__} while reading it"), 0
        return parts, time_ms * 1000 if time_ms < _SECONDS_BELOW else time_ms
