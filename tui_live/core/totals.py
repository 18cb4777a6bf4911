"""What a session adds up to, event by event; the same sums whether live or from history."""

from __future__ import annotations

from msgspec import Struct, field, structs

from tui_live.core.events import Batch, EnvelopeData, GiftData, LikeData, RoomUpdateData, SocialData

#: What a hostile number may add up to: a database holds it, and so does JSON.
MOST = 2**53
#: The types whose events add more than their number: one look spares the rest, which is most of a stream, all others.
_ADDING = frozenset({"gift", "like", "social", "room_update", "envelope"})


class Totals(Struct):
    """Running sums of one session.

    ``messages`` counts messages per event type. ``gifts`` counts gift units and ``coins`` what they cost, the host's
    only; ``guest_coins`` went to guests. ``likes`` are those attributed to users, which TikTok samples; ``room_likes``
    is TikTok's own total over all rooms of the session, so ``likes / room_likes`` is the coverage of a like ranking.
    ``users_joined`` is how many came by shares, as TikTok tells it. ``envelope_coins`` lay in treasure boxes; a message
    that hides a box again adds nothing, and sessions that were recorded before this sum was kept lack it.
    ``missing`` are events of a recording that a replay cannot read; live, there are none.
    Every sum stays between 0 and ``MOST``, whatever was sent; what is below zero counts nothing.
    """

    events: int = 0
    messages: dict[str, int] = field(default_factory=dict)
    gifts: int = 0
    coins: int = 0
    guest_coins: int = 0
    likes: int = 0
    room_likes: int = 0
    likes_by_room: dict[str, int] = field(default_factory=dict)
    follows: int = 0
    shares: int = 0
    users_joined: int = 0
    envelope_coins: int = 0
    viewers: int = 0
    peak_viewers: int = 0
    duplicates: int = 0
    undecodable: int = 0
    gaps: int = 0
    gap_ms: int = 0
    missing: int = 0

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        messages = self.messages
        self.events += len(batch.events)
        self.duplicates += batch.duplicates
        self.undecodable += batch.undecodable
        for event in batch.events:
            kind = event.type
            messages[kind] = messages.get(kind, 0) + 1
            if kind not in _ADDING:
                continue
            data = event.data
            if kind == "gift":
                if isinstance(data, GiftData):
                    self.gifts = _plus(self.gifts, data.count_delta)
                    self.coins = _plus(self.coins, data.coins_delta)
                    self.guest_coins = _plus(self.guest_coins, data.guest_coins_delta)
            elif kind == "like":
                if isinstance(data, LikeData):
                    self.likes = _plus(self.likes, data.like_count)
                    room = batch.room_id
                    if data.total_like_count > self.likes_by_room.get(room, 0):
                        self.likes_by_room[room] = min(data.total_like_count, MOST)
                        self.room_likes = min(sum(self.likes_by_room.values()), MOST)
            elif kind == "social":
                if isinstance(data, SocialData):
                    self.follows += event.subtype == "follow"
                    self.shares += event.subtype == "share"
                    if isinstance(data.users_joined, int):
                        self.users_joined = _plus(self.users_joined, data.users_joined)
            elif kind == "room_update":
                if isinstance(data, RoomUpdateData):
                    self.viewers = _plus(0, data.viewer_count)
                    self.peak_viewers = max(self.peak_viewers, self.viewers)
            elif kind == "envelope" and isinstance(data, EnvelopeData) and event.subtype != "hidden":
                self.envelope_coins = _plus(self.envelope_coins, data.coins)

    def copy(self) -> Totals:
        """The sums as they are now."""
        return structs.replace(self, messages=dict(self.messages), likes_by_room=dict(self.likes_by_room))

    def add_gap(self, milliseconds: int) -> None:
        """An interval without a connection has ended."""
        self.gaps += 1
        self.gap_ms = _plus(self.gap_ms, milliseconds)


def _plus(total: int, more: int) -> int:
    return min(total + more, MOST) if more > 0 else total
