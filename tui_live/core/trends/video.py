"""A trending video, and what makes it worth a look."""

from __future__ import annotations

from msgspec import Struct

#: What ``platform`` says in the database.
PLATFORM = "TikTok"


class Video(Struct, frozen=True, kw_only=True):
    """A video as TikTok told of it.

    ``post_id`` is TikTok's own number as text; ``author`` the handle without ``@``, empty where it is not told.
    ``posted_ms`` is UTC milliseconds, 0 where it is not told; ``seen_ms`` is when TikTok's answer came with these
    counts, 0 where that is not known. A count that was missing or no number is 0, and ``problems`` says so
    (``"comments missing"``). Texts are safe to store and to print. ``raw`` is TikTok's item as JSON text, ASCII only.
    """

    post_id: str
    author: str = ""
    nickname: str = ""
    author_id: str = ""
    verified: bool = False
    followers: int = 0
    caption: str = ""
    hashtags: tuple[str, ...] = ()
    posted_ms: int = 0
    seen_ms: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    views: int = 0
    problems: tuple[str, ...] = ()
    raw: str = "{}"

    @property
    def interactions(self) -> int:
        """What the velocity counts: likes, comments and shares."""
        return self.likes + self.comments + self.shares

    @property
    def url(self) -> str:
        """The video's page. TikTok finds it by its number, whatever stands for the handle."""
        return f"https://www.tiktok.com/@{self.author}/video/{self.post_id}"


class Story(Struct, frozen=True, kw_only=True):
    """A video that was kept.

    ``velocity`` is interactions a minute since posting; ``score`` 0 to 100, made of ``velocity_part``, ``credibility``
    and ``relevance``, which are 0 to 100 each. ``reason`` says in a line why it was kept.
    """

    video: Video
    velocity: float
    score: float
    velocity_part: float
    credibility: float
    relevance: float
    reason: str
