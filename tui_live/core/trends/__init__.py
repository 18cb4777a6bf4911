"""What is taking off on TikTok (SPEC §10): reading videos, their velocity, their score, and which are kept.

Pure rules, no I/O.
"""

from tui_live.core.trends.choosing import Chosen, choose
from tui_live.core.trends.item import Unreadable, read_item
from tui_live.core.trends.result import Latest, Run, Trend, TrendRun, Trends
from tui_live.core.trends.score import Parts, Scorer, Weights
from tui_live.core.trends.trouble import Kind, Trouble
from tui_live.core.trends.velocity import velocity
from tui_live.core.trends.video import Story, Video

__all__ = [
    "Chosen",
    "Kind",
    "Latest",
    "Parts",
    "Run",
    "Scorer",
    "Story",
    "Trend",
    "TrendRun",
    "Trends",
    "Trouble",
    "Unreadable",
    "Video",
    "Weights",
    "choose",
    "read_item",
    "velocity",
]
