"""Times as they are kept, ISO 8601 in UTC with milliseconds, and spans of time as they are said."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """UTC milliseconds, by this machine's clock."""
    return time.time_ns() // 1_000_000


def iso(ms: int) -> str:
    """UTC milliseconds as ISO 8601 text that SQLite's date functions read."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(text: str | None) -> int:
    """ISO 8601 text as UTC milliseconds; 0 for none."""
    return round(datetime.fromisoformat(text).timestamp() * 1000) if text else 0


def span(seconds: float) -> str:
    """A duration or a countdown: ``00:42``, ``1:02:03``, ``3d 4h``."""
    left = max(0, round(seconds))
    if left < 3600:
        return f"{left // 60:02d}:{left % 60:02d}"
    if left < 86_400:
        return f"{left // 3600}:{left % 3600 // 60:02d}:{left % 60:02d}"
    return f"{left // 86_400}d {left % 86_400 // 3600}h"
