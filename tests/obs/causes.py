"""Causes as a trigger would make them."""

from __future__ import annotations

import time

from tui_live.core.clips import Cause


def cause(username: str = "alice", trigger: str = "clip that", *, stream: str = "dana") -> Cause:
    """Somebody who asked for a clip just now."""
    now = int(time.time() * 1000)
    return Cause(
        stream=stream,
        session_id="s1",
        trigger=trigger,
        username=username,
        user_id="7",
        matched_ms=now,
        event_ms=now,
        message=trigger,
    )
