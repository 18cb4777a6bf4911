"""Shares: who shares a stream, when, in what spikes and cascades, and what comes of it (SPEC §9).

Every definition stands with its number in ``result.py`` and the files that it comes from; every rate has its sample.
"""

from tui_live.core.shares.result import SharesResult
from tui_live.core.shares.rules import ShareRules
from tui_live.core.shares.sessions import SharesOverSessions, combine
from tui_live.core.shares.shares import Shares

__all__ = ["ShareRules", "Shares", "SharesOverSessions", "SharesResult", "combine"]
