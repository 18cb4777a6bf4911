"""One message of a room, and the batch of them that a frame brings."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.events.data import Data
from tui_live.core.events.person import Person

#: Event types, in the order in which a screen lists them.
TYPES = (
    *("chat", "gift", "like", "member", "social", "emote", "envelope", "question", "battle", "room_update"),
    *("ranking", "poll", "shopping", "moderation", "caption", "goal", "intro", "link", "banner"),
    *("control", "barrage", "system", "other"),
)


class Event(Struct, frozen=True, gc=False):
    """One message of a room.

    ``msg_id`` is TikTok's, unique within a room (0 when a message could not be decoded far enough to have one);
    ``time_ms`` is UTC milliseconds since the epoch, TikTok's clock where it says so, else the time of arrival;
    ``place`` is the message's index within its frame. ``text`` holds neither control nor bidi-override characters.
    ``history`` marks what TikTok repeated after a connect: stored and counted, but it fires no trigger.
    """

    type: str
    subtype: str
    user: Person | None
    text: str
    time_ms: int
    data: Data
    msg_id: int
    place: int
    history: bool = False


class Batch(Struct, frozen=True, gc=False):
    """What one frame brought, after decoding: the unit that travels through the program.

    ``payload`` is the frame's bytes as they came, for the recorder. ``duplicates`` counts messages that this room had
    already delivered; ``undecodable`` counts those among ``events`` that are kept raw because they could not be read.
    """

    room_id: str
    received_ms: int
    payload: bytes
    events: tuple[Event, ...]
    duplicates: int = 0
    undecodable: int = 0
