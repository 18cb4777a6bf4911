"""The engagement screen: viewers, messages, likes and gifts over time, and who does what."""

from __future__ import annotations

from tui_live.ui.analysis import engagement_across, engagement_pages
from tui_live.ui.screens.analysis import AnalysisScreen


class EngagementScreen(AnalysisScreen):
    """Engagement of one session, or of all of a streamer's."""

    NAME = "Engagement"
    PAGES = engagement_pages.PAGES
    ALL_PAGES = engagement_across.PAGES
    HELP = (
        "What the audience does: viewers, messages, likes and coins over time, who is new and who is active, the most "
        "engaging moments, gifts, languages, the busiest hours. Nobody is ever named as leaving, so nothing here is "
        "about how long people stay. h shows the shares of the same session."
    )
