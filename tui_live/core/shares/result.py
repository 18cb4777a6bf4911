"""What the shares of one session are, as plain numbers: ready for JSON."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.engagement.figures import Comparison, Named, Plot, Portion, Rate
from tui_live.core.shares.cascades import Cascade
from tui_live.core.shares.rules import ShareRules
from tui_live.core.shares.sharers import Conversion, Sharer
from tui_live.core.shares.surges import Surge
from tui_live.core.shares.viral import Stretch
from tui_live.core.spikes import LEARNING_WINDOWS

#: How many spikes and viral stretches are listed at most.
MOST_LISTED = 100

#: How many spikes and viral stretches are listed at most.
MOST_LISTED = 100


class ShareCell(Struct, frozen=True):
    """An hour of a weekday (0 is Monday) in local time: ``minutes`` of it were observed, over all such hours."""

    weekday: int
    hour: int
    minutes: float
    shares: int
    per_hour: float


class Reach(Struct, frozen=True):
    """An estimate: the ``followers`` of the sharers of whom TikTok told them (``known`` of all sharers), added up.

    So all sharers' followers add up to at least this. ``at_most`` so many people follow any of them, because whoever
    follows two sharers is counted twice; ``None`` (there is no upper limit) where somebody who shared is unknown or
    has followers that are. How many of them saw a share is not known in any case.
    """

    followers: int
    at_most: int | None
    known: Portion


class Target(Struct, frozen=True):
    """Where to, as TikTok says it (``known`` of all shares); ``others`` are of names beyond the first 300."""

    top: list[Named]
    known: Portion
    others: int


class NewViewers(Struct, frozen=True):
    """An estimate: people who come in for the first time in the session within a window after a share.

    ``per_share`` is how many more there are for each share in the window before, against other times within the same
    ten windows, and ``error`` its standard error: see :mod:`tui_live.core.shares.new_viewers`. It is from ``shares``
    and ``joins`` (first ones) in ``minutes``; ``None`` where these are too few, and where chance may have made it.
    Other things bring people in too, at the same time as shares and because of what also makes people share. In a large
    room TikTok tells only some of the joins.
    """

    shares: int
    joins: int
    minutes: float
    per_share: float | None
    error: float | None


class Joined(Struct, frozen=True):
    """``users`` joined by shares as TikTok itself says, in so many ``messages``."""

    users: int
    messages: int


class SharesResult(Struct, frozen=True):
    """The figures of one session from ``start_ms`` until ``until_ms`` (UTC milliseconds).

    ``observed_s`` are the seconds without ``gaps``. Rates, plots and windows are over the steps of five seconds of
    which no part is hidden by a gap (each says over how long) and count only what happened in those; ``shares`` and
    everything about people counts everything that came, also the ``outside`` shares, which are from other times than
    the observed. Each share message counts: a person may share often. ``anonymous`` shares name nobody.

    ``spikes`` lists those with the highest multiples of the usual and ``viral`` the stretches with the busiest
    minutes, 100 at most, both in order of time; there were ``spikes_found`` and ``viral_found``.

    ``repeat_sharers`` shared twice or more, ``first_time_sharers`` never in earlier sessions (``None``: not known).
    ``influencer_shares`` were by people with ``rules.influencer_followers`` followers or more at that time, of the
    shares with which TikTok told the followers. ``cascades`` is their number (``None``: not known, because shares are
    too frequent or too little was observed), ``longest_cascades`` the list; ``chain_lengths`` counts all chains (single
    shares too) by their length. ``follows_after_spikes`` counts first follows within ``rules.after_seconds`` from the
    beginning of each spike. ``hours`` are in ``time_zone`` and in the
    order of the week, only observed ones. ``untold`` counts shares, spikes and people beyond the bounds,
    ``misplaced`` messages with a time at which this session cannot have been.
    """

    start_ms: int
    until_ms: int
    observed_s: float
    gaps: int
    time_zone: str
    rules: ShareRules
    shares: int
    anonymous: int
    per_minute: Rate
    over_minutes: Plot
    over_hours: Plot
    busiest_minute: int
    busiest_minute_ms: int | None
    sharers: int
    top_sharers: list[Sharer]
    repeat_sharers: Portion
    first_time_sharers: Portion | None
    influencers: int
    top_influencers: list[Sharer]
    influencer_shares: Portion
    reach: Reach
    spikes: list[Surge]
    spikes_found: int
    viral: list[Stretch]
    viral_found: int
    follows_after_spikes: Comparison
    conversion: Conversion
    cascades: int | None
    longest_cascades: list[Cascade]
    chain_lengths: dict[int, int]
    new_viewers: NewViewers
    users_joined: Joined
    targets: Target
    hours: list[ShareCell]
    messages_per_minute: Rate
    gifts_per_minute: Rate
    coins_per_minute: Rate
    untold: int
    misplaced: int
    outside: int

    @property
    def spikes_known(self) -> bool:
        """Whether a spike could have been noticed at all: before, the usual rate is being learned."""
        return bool(self.spikes) or self.observed_s >= self.learning_s

    @property
    def learning_s(self) -> float:
        """So long nothing can be noticed."""
        return LEARNING_WINDOWS * self.rules.window_seconds
