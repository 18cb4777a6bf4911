"""What the engagement of one session is, as plain numbers: ready for JSON."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.engagement.figures import Delays, Named, Plot, Portion, Rate
from tui_live.core.engagement.gifts import Gift, Spender
from tui_live.core.engagement.levels import Viewers
from tui_live.core.engagement.moments import Moment, Weights
from tui_live.core.engagement.outside import Outside


class People(Struct, frozen=True):
    """Who was there, as far as TikTok's messages name them; the host is no viewer.

    ``seen`` came in or did something, ``joined`` were told to come in, and ``active`` did something (``actors`` tells
    how many each kind of thing: chat, gift, like, social (follow, share, subscribe), question, emote, envelope).
    ``returning`` and ``new`` are ``None`` where earlier sessions are not known. ``visitors`` is TikTok's own count of
    everybody who came, which names nobody: the sum over the rooms of the session, ``None`` where it was not told.
    ``beyond`` counts messages of people beyond the 200,000 who are followed.
    """

    seen: int
    joined: int
    new: int | None
    returning: Portion | None
    active: Portion
    active_of_visitors: Portion | None
    visitors: int | None
    actors: dict[str, int]
    beyond: int


class Words(Struct, frozen=True):
    """By language (messages that tell it, ``known`` of all) or region (people whose first message tells it).

    ``others`` are of names beyond the first 300 different ones.
    """

    top: list[Named]
    known: Portion
    others: int


class HourCell(Struct, frozen=True):
    """An hour of a weekday (0 is Monday) in local time: ``minutes`` of it were observed, over all such hours."""

    weekday: int
    hour: int
    minutes: float
    messages: int
    coins: int
    likes: int
    joins: int

    @property
    def messages_per_minute(self) -> float:
        """By this, hours are the busiest."""
        return self.messages / self.minutes


class EngagementResult(Struct, frozen=True):
    """The figures of one session from ``start_ms`` until ``until_ms`` (UTC milliseconds).

    ``observed_s`` are the seconds without ``gaps``. Rates and plots are over the steps of five seconds of which no
    part is hidden by a gap (each says over how long) and count only what happened in those;
    ``messages``, ``gifts`` (units), ``coins``, ``likes``, ``follows`` and ``shares`` are totals and count
    everything. Likes of users are sampled by TikTok; ``room_likes_per_minute`` is how the room's own total grows,
    which is not. Only the first follow of a user counts. ``time_zone`` is the one of ``hours`` (only those observed,
    in order of the week) and of ``busiest`` (by messages per observed minute; at least ten minutes observed).
    ``misplaced`` messages had a time at which this session cannot have been, or one beyond the 278 hours with events
    that have a place; observed time ends there. ``outside`` is what lies outside of observed time.
    """

    start_ms: int
    until_ms: int
    observed_s: float
    gaps: int
    time_zone: str
    events: int
    messages: int
    gifts: int
    coins: int
    guest_coins: int
    likes: int
    follows: int
    shares: int
    viewers: Viewers
    people: People
    messages_per_minute: Rate
    likes_per_minute: Rate
    room_likes_per_minute: Rate
    coins_per_minute: Rate
    joins_per_minute: Rate
    first_action: Delays
    moments: list[Moment]
    weights: Weights
    messages_over_time: Plot
    likes_over_time: Plot
    coins_over_time: Plot
    coins_per_hour: Plot
    viewers_over_time: list[float | None]
    most_sent: list[Gift]
    dearest: list[Gift]
    givers: int
    spenders: list[Spender]
    untold_gifts: int
    languages: Words
    regions: Words
    hours: list[HourCell]
    busiest: list[HourCell]
    misplaced: int
    outside: Outside
