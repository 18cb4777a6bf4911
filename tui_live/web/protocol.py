"""What a page and the server say to each other over the WebSocket ``/ws``.

A page connects with its own query parameters (``page``, ``stream``, ``top``; ``token`` where one is needed). The server
says :class:`Hello`, then the whole state of the page's model, then differences, at most ten messages a second. Every
message is a JSON object whose ``t`` names its kind. Texts are texts: pages insert them as text nodes, never as HTML.

=============  =====================================================  ==========================================
page           the whole state                                        differences
=============  =====================================================  ==========================================
``overlay``    :class:`Board`                                         :class:`BoardChange`
``question``   :class:`QuestionShown`                                 the same
``goal``       :class:`Goals`                                         the same
``alerts``     none                                                   :class:`Alerts`
=============  =====================================================  ==========================================

A page sends :class:`Beat` on connecting and every ten seconds (a hidden one about once a minute, as browsers slow its
timers down); the server answers with another :class:`Hello`, which tells the page that the line is alive. Where
:class:`Hello` names another ``version`` than the page was loaded
with, the page reloads itself.
"""

from __future__ import annotations

from msgspec import Struct

#: Most messages a second to one page.
PUSHES_PER_SECOND = 10
#: Seconds between two heartbeats of a page.
BEAT_SECONDS = 10


class Message(Struct, frozen=True, tag_field="t"):
    """Base of everything that is sent."""


class Hello(Message, frozen=True, tag="hello"):
    """The first message: the version of the server's pages, and the stream that is shown (``null``: all together)."""

    version: str
    stream: str | None = None


class Card(Struct, frozen=True):
    """One line of the leaderboard. ``score`` is rounded up; ``avatar`` an ``https`` address or empty.

    ``winner``: this person has won.
    """

    id: str
    name: str
    avatar: str
    score: int
    winner: bool = False


class Board(Message, frozen=True, tag="board"):
    """The leaderboard's first places, the best first; ``scoring`` of ``people`` have points."""

    cards: tuple[Card, ...] = ()
    scoring: int = 0
    people: int = 0
    paused: bool = False


class BoardChange(Message, frozen=True, tag="board+", omit_defaults=True):
    """What changed: ``order`` is all ids, the best first, where it changed; ``cards`` are those that are new or other.

    What is ``null`` or missing stays as it was.
    """

    order: tuple[str, ...] | None = None
    cards: tuple[Card, ...] = ()
    scoring: int | None = None
    people: int | None = None
    paused: bool | None = None


class Asked(Struct, frozen=True):
    """A comment on screen; ``id`` is TikTok's message id, ``user`` who wrote it."""

    id: str
    name: str
    avatar: str
    text: str
    user: str = ""


class QuestionShown(Message, frozen=True, tag="question"):
    """The comment on screen, or none."""

    question: Asked | None = None


class Goal(Struct, frozen=True):
    """A goal as it stands: ``progress`` is in percent, at most 100.

    ``stream`` says whose it is, where several have some.
    """

    name: str
    current: int
    target: int
    progress: float
    id: str = ""
    stream: str = ""


class Goals(Message, frozen=True, tag="goals"):
    """The stream's goals."""

    goals: tuple[Goal, ...] = ()


class Alert(Struct, frozen=True):
    """Something to celebrate. ``kind`` is ``gift``, ``follow`` or ``share``; ``id`` is its own within the connection.

    For a gift: its name, how many pieces, their ``coins``, and its picture's ``https`` address where known. Where it
    has a ``streak``, these are those of the streak so far: the next alert with the same ``streak`` tells how it has
    grown. ``user`` is who it was.
    """

    id: int
    kind: str
    name: str
    avatar: str
    gift: str = ""
    count: int = 0
    coins: int = 0
    image: str = ""
    user: str = ""
    streak: str = ""


class Alerts(Message, frozen=True, tag="alerts"):
    """What happened since the last message, at most a handful; ``more`` were left out."""

    alerts: tuple[Alert, ...]
    more: int = 0


class Beat(Struct, frozen=True):
    """What a page sends: the version it was loaded with."""

    version: str = ""
