"""What an audience does: viewers, messages, likes and gifts over the time that was observed (SPEC §9).

TikTok tells nobody's leaving, so nothing here is about how long people stay.
"""

from tui_live.core.engagement.engagement import Engagement
from tui_live.core.engagement.moments import Weights
from tui_live.core.engagement.result import EngagementResult
from tui_live.core.engagement.sessions import EngagementOverSessions, attendance, combine

__all__ = ["Engagement", "EngagementOverSessions", "EngagementResult", "Weights", "attendance", "combine"]
