"""Times as they are written: ISO 8601, UTC, with milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(ms: int) -> str:
    """UTC milliseconds as ISO 8601 text that SQLite's date functions read."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(text: str | None) -> int:
    """ISO 8601 text as UTC milliseconds; 0 for none."""
    return round(datetime.fromisoformat(text).timestamp() * 1000) if text else 0
