"""What a leaderboard looks like at one moment: what screens, overlays and the API show."""

from __future__ import annotations

from msgspec import Struct

from tui_live.core.board import Board
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.questions import Question
from tui_live.core.scoring import shown
from tui_live.core.tally import NOTHING, Participant, Tally


class Line(Struct, frozen=True, gc=False):
    """Somebody's line. ``place`` counts from 1; ``score`` is rounded up; ``points`` are exact but for the double.

    ``before`` is the place of a minute or two ago, 0 when they were not among the first hundred then. ``sources`` are
    the points from gifts, likes, comments, follows and shares, each rounded up. Times are UTC milliseconds.
    """

    place: int
    user_id: str
    name: str
    handle: str
    avatar_url: str
    follower: bool
    score: int
    points: float
    sources: tuple[int, int, int, int, int]
    before: int
    now: Tally
    used: Tally
    used_score: int
    first_ms: int
    last_ms: int


class Standings(Struct, frozen=True):
    """A part of a ranking, the best first, and what stands above it.

    ``scoring`` of ``people`` have points. ``winner`` is a line or nothing; ``shown`` the comment on screen since
    ``shown_ms``, ``waiting`` those that come next. ``revision`` changes with the order or a score.
    """

    lines: tuple[Line, ...] = ()
    scoring: int = 0
    people: int = 0
    paused: bool = False
    winner: Line | None = None
    shown: Question | None = None
    shown_ms: int = 0
    waiting: tuple[Question, ...] = ()
    revision: int = 0


def standings(board: Board, start: int = 0, count: int = 50) -> Standings:
    """The places ``start + 1`` to ``start + count`` of a session."""
    ranking, desk = board.ranking, board.desk
    people = ranking.stretch(start, count)
    return Standings(
        lines=tuple(
            line(ranking, someone, place, board.movement.before(someone.person.user_id))
            for place, someone in enumerate(people, start + 1)
        ),
        scoring=ranking.scoring,
        people=len(ranking),
        paused=ranking.paused,
        winner=person_line(board, ranking.winner) if ranking.winner else None,
        shown=desk.shown,
        shown_ms=desk.shown_ms,
        waiting=tuple(desk.waiting),
        revision=ranking.revision,
    )


def person_line(board: Board, user_id: str) -> Line | None:
    """One person's line, wherever they stand."""
    someone = board.ranking.find(user_id)
    if someone is None:
        return None
    return line(board.ranking, someone, board.ranking.place(user_id), board.movement.before(user_id))


def line(ranking: Leaderboard, someone: Participant, place: int, before: int) -> Line:
    """A participant as a line: a copy that stays as it is."""
    person, now, used, scale = someone.person, someone.now, someone.used, ranking.scale
    points = now.points
    return Line(
        place=place,
        user_id=person.user_id,
        name=person.shown_name,
        handle=person.handle,
        avatar_url=person.avatar_url,
        follower=someone.follower,
        score=shown(points, scale),
        points=points / scale,
        sources=(
            shown(now.gift_points, scale),
            shown(now.like_points, scale),
            shown(now.comment_points, scale),
            shown(now.follow_points, scale),
            shown(now.share_points, scale),
        ),
        before=before,
        now=now.copy(),
        used=used,  # which is never changed where it stands
        used_score=shown(used.points, scale) if used is not NOTHING else 0,
        first_ms=someone.first_ms,
        last_ms=someone.last_ms,
    )
