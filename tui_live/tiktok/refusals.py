"""What TikTok or the sign server answers instead of a stream, in our own words."""

from __future__ import annotations


class RateLimited(Exception):
    """The sign server's rate limit. ``reset`` and ``retry_after`` are its headers, ``None`` where it sent none."""

    def __init__(self, reset: str | None, retry_after: str | None = None) -> None:
        self.reset = reset
        self.retry_after = retry_after
        super().__init__("the sign server's rate limit is reached")


class Restricted(Exception):
    """The room is shown to some people only; ``prompt`` is TikTok's own sentence, often empty."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt
        super().__init__(prompt or "restricted")


class Refused(Exception):
    """The websocket handshake was answered with an HTTP status instead."""

    def __init__(self, status: int, reason: str = "") -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"the websocket was refused with HTTP {status}" + (f" ({reason})" if reason else ""))
