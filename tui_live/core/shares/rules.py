"""What counts as a spike, as viral, as an influencer and as a cascade."""

from __future__ import annotations

from msgspec import Struct


class ShareRules(Struct, frozen=True, kw_only=True):
    """The settings of the section ``shares`` (:class:`tui_live.config.schema.Shares`) and what is fixed beside them.

    ``after_seconds`` is how long after a spike's beginning follows are taken to come after it, ``cascade_seconds`` how
    soon after a share another continues its chain.
    """

    spike_times: float = 3.0
    window_seconds: float = 60.0
    viral_per_minute: float | None = None
    influencer_followers: int = 10_000
    after_seconds: float = 300.0
    cascade_seconds: float = 10.0
