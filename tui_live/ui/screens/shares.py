"""The shares screen: who shares a stream, when, in what spikes and cascades, and what comes of it."""

from __future__ import annotations

from tui_live.ui.analysis import shares_across, shares_pages
from tui_live.ui.screens.analysis import AnalysisScreen


class SharesScreen(AnalysisScreen):
    """Shares of one session, or of all of a streamer's."""

    NAME = "Shares"
    PAGES = shares_pages.PAGES
    ALL_PAGES = shares_across.PAGES
    HELP = (
        "Who shares the stream, when, in what spikes (▲) and cascades, what was just before, and who follows after. "
        "e shows the engagement of the same session."
    )
