"""How long each step may take."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """Seconds for each step, the longest waits that a slow machine and a slow line need; ``attempts`` browsers a run.

    TikTokApi by itself waits 30 s for a first page, up to four minutes for a page that can sign, and for ever for an
    answer.
    """

    launch_s: float = 30.0
    """Until the browser runs."""
    page_s: float = 30.0
    """Until TikTok's page is there."""
    idle_s: float = 6.0
    """Until the page has nothing more to load; one that never has is used as it is."""
    settle_s: float = 1.0
    """Left to the page for its ``msToken`` cookie, where none is configured."""
    sign_s: float = 25.0
    """Until the page has signed a request."""
    fetch_s: float = 20.0
    """Until an answer is there."""
    close_s: float = 8.0
    """Until the browser has ended by itself; then it is killed."""
    run_s: float = 180.0
    """For the whole run, beside the pauses between requests."""
    attempts: int = 2

    @property
    def start_s(self) -> float:
        """Until a session can be used."""
        return self.launch_s + self.page_s + self.idle_s + self.settle_s + 2
