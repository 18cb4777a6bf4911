"""Why a run brought nothing, and how long to wait before the next."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

_HOUR_S = 3600.0
#: The longest wait that doubling leads to, and the longest that TikTok may ask for.
LONGEST_S = 4 * _HOUR_S
_LONGEST_ASKED_S = 24 * _HOUR_S
#: Waits differ by up to this share, so that several programs do not come back together.
_JITTER = 0.2


class Kind(StrEnum):
    """What stood in the way.

    ``browser_missing``: none is installed, or not the configured one. ``browser``: it does not start.
    ``browser_died``: it ended, or was ended, half-way. ``network``: TikTok cannot be reached. ``limited``: TikTok says
    that it was asked too often. ``blocked``: TikTok answers, but not with videos: nothing, a web page, a refusal.
    ``empty``: a proper answer without videos. ``odd``: an answer that is no JSON, or not as known. ``time``: an answer
    did not come in time. ``program``: what we use is not as known. ``database``: it did not take what the run brought.
    """

    BROWSER_MISSING = "browser_missing"
    BROWSER = "browser"
    BROWSER_DIED = "browser_died"
    NETWORK = "network"
    LIMITED = "limited"
    BLOCKED = "blocked"
    EMPTY = "empty"
    ODD = "odd"
    TIME = "time"
    PROGRAM = "program"
    DATABASE = "database"

    @property
    def again(self) -> bool:
        """Whether a fresh browser may help at once."""
        return self in (Kind.BROWSER_DIED, Kind.NETWORK, Kind.BLOCKED, Kind.EMPTY, Kind.ODD, Kind.TIME)

    @property
    def asks_less(self) -> bool:
        """Whether TikTok minds being asked, so that it is to be asked less often."""
        return self in (Kind.LIMITED, Kind.BLOCKED, Kind.EMPTY, Kind.ODD)


class Trouble(Struct, frozen=True):
    """What went wrong, and what to do, a line each. ``retry_after_s``: how long TikTok asks to wait, 0 for nothing.

    A server that is overloaded says so as well as one that minds.
    """

    kind: Kind
    line: str
    remedy: str
    retry_after_s: float = 0.0

    @property
    def again(self) -> bool:
        """Whether a fresh browser may help at once, and TikTok does not ask to wait."""
        return self.kind.again and not self.retry_after_s

    @property
    def asks_less(self) -> bool:
        """Whether the next run is to come later than usual."""
        return self.kind.asks_less or self.retry_after_s > 0

    def __str__(self) -> str:
        return f"{self.line} — {self.remedy}"


def next_wait_s(every_s: float, trouble: Trouble | None, in_a_row: int, chance: float) -> float:
    """Seconds until the next run.

    Normally ``every_s``. After troubles that TikTok makes, ``in_a_row`` of them, it doubles with each, up to four
    hours. It is never less than what TikTok asked for (a day at most), whatever the trouble. ``chance`` is 0 to 1 and
    jitters what was doubled.
    """
    if trouble is None:
        return every_s
    asked = min(trouble.retry_after_s, _LONGEST_ASKED_S)
    if not trouble.kind.asks_less:
        return max(every_s, asked)
    doubled = every_s * 2.0 ** min(in_a_row, 30)
    wait = max(every_s, min(doubled, LONGEST_S)) * (1 + _JITTER * chance)
    return max(wait, asked)
