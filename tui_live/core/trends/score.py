"""The score of a story, 0 to 100: how fast, by whom, and about what.

``score = (velocity part × 0.5 + credibility × 0.3 + relevance × 0.2) / (0.5 + 0.3 + 0.2)``, with the weights of
``trends.weights``. Each part is 0 to 100:

- velocity part: ``50 + 50 × log10(velocity / min_velocity)``, at most 100. At the threshold it is 50, at ten times the
  threshold 100, so that it tells 100 a minute from 1,000. With a threshold of 0, one a minute takes its place.
- credibility: 40 for a verified account, and 10 for each power of ten of its followers, at most 60: 1,000 followers are
  30, a million and more 60. Followers that TikTok does not tell are 0.
- relevance: ``100 × (1 - 0.5^n)`` for ``n`` configured keywords in the caption or among its hashtags: one is 50, two
  are 75, three 87.5. A keyword stands by itself there, not inside a longer word; one that begins with ``#`` is looked
  for among the hashtags only. Without keywords it is 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from tui_live.core.trends.velocity import velocity
from tui_live.core.trends.video import Video
from tui_live.core.triggers.folding import fold, whole_word

_VERIFIED = 40.0
_MOST_FOR_FOLLOWERS = 60.0


class Weights(Struct, frozen=True):
    """How much each part counts; only their proportions matter."""

    velocity: float = 0.5
    credibility: float = 0.3
    relevance: float = 0.2

    @classmethod
    def from_names(cls, given: Mapping[str, float]) -> Weights:
        """The weights by name as they are configured; what is not named keeps its own."""
        return structs.replace(cls(), **given)


class Parts(Struct, frozen=True):
    """The parts of a score and the score itself, 0 to 100 each."""

    velocity: float
    credibility: float
    relevance: float
    score: float
    keywords: tuple[str, ...] = ()
    """The configured keywords that were found, as they are written in the configuration."""


class Scorer:
    """Scores videos by one configuration."""

    def __init__(self, min_velocity: float, keywords: Sequence[str] = (), weights: Weights | None = None) -> None:
        self._reference = min_velocity or 1.0
        self._keywords = [(word, fold(word.strip())) for word in dict.fromkeys(keywords) if word.strip(" #")]
        self._weights = weights or Weights()

    def parts(self, video: Video, now_ms: int) -> Parts:
        """The video's score and its parts at a time (UTC milliseconds)."""
        speed = velocity_part(velocity(video, now_ms), self._reference)
        trust, found = credibility(video), self._found(video)
        match = relevance(len(found))
        weights = self._weights
        whole = weights.velocity + weights.credibility + weights.relevance
        weighed = speed * weights.velocity + trust * weights.credibility + match * weights.relevance
        score = min(100.0, weighed / whole) if whole else 0.0
        return Parts(speed, trust, match, score, found)

    def _found(self, video: Video) -> tuple[str, ...]:
        caption = fold(video.caption)
        tags = {fold(tag) for tag in video.hashtags}
        return tuple(word for word, folded in self._keywords if _stands_in(folded, caption, tags))


def _stands_in(word: str, caption: str, tags: set[str]) -> bool:
    return word.removeprefix("#") in tags or whole_word(word, caption) >= 0


def velocity_part(speed: float, reference: float) -> float:
    """``speed`` (interactions a minute) against the threshold, 0 to 100."""
    if speed <= 0:
        return 0.0
    # Logarithms apart: the quotient of a huge and a tiny number would be infinite.
    return min(100.0, max(0.0, 50 + 50 * (math.log10(speed) - math.log10(reference))))


def credibility(video: Video) -> float:
    """How much the account is to be believed, 0 to 100."""
    followers = 10 * math.log10(video.followers) if video.followers > 1 else 0.0
    return (_VERIFIED if video.verified else 0.0) + min(_MOST_FOR_FOLLOWERS, followers)


def relevance(found: int) -> float:
    """How much it is about what is looked for, 0 to 100, by the number of keywords found."""
    return 100 * (1 - 0.5**found)
