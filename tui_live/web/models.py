"""What pages show, made from the engine's models, and what changed since a page was last told."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.events import GiftData, GoalData
from tui_live.core.log import DATA, HANDLE, NICKNAME, STREAM, SUBTYPE, TYPE, USER_ID, Row
from tui_live.core.standings import Line, Standings
from tui_live.web.protocol import Alert, Asked, Board, BoardChange, Card, Goal, QuestionShown

#: Names and comments are cut here already: no page shows more.
_NAME, _TEXT = 80, 500
_MOST_ALERTS = 5


def board(standings: Standings, top: int, stand_in: str = "") -> Board:
    """The first places of a ranking; who has no points is not among them. ``stand_in``: see :func:`picture`."""
    winner = standings.winner.user_id if standings.winner else ""
    return Board(
        tuple(_card(line, winner, stand_in) for line in standings.lines[:top] if line.score > 0),
        standings.scoring,
        standings.people,
        standings.paused,
    )


def board_change(before: Board, now: Board) -> BoardChange | None:
    """What to tell a page that shows ``before``; ``None`` when nothing changed."""
    if before == now:
        return None
    old = {card.id: card for card in before.cards}
    order = tuple(card.id for card in now.cards)
    return BoardChange(
        order=order if order != tuple(old) else None,
        cards=tuple(card for card in now.cards if old.get(card.id) != card),
        scoring=now.scoring if now.scoring != before.scoring else None,
        people=now.people if now.people != before.people else None,
        paused=now.paused if now.paused != before.paused else None,
    )


def question(candidates: Sequence[Standings], stand_in: str = "") -> QuestionShown:
    """The comment on screen; of several streams, the one that was put there last."""
    shown = [standings for standings in candidates if standings.shown is not None]
    latest = max(shown, key=lambda standings: standings.shown_ms, default=None)
    if latest is None or latest.shown is None:
        return QuestionShown()
    asked = latest.shown
    name = asked.nickname or asked.username or asked.user_id
    avatar = picture(asked.avatar_url, stand_in)
    return QuestionShown(Asked(str(asked.msg_id), name[:_NAME], avatar, asked.text[:_TEXT], asked.user_id))


def is_alert(row: Row) -> bool:
    """Whether a line of the log is to be celebrated: a gift to the host (each growth of a streak), follow, share."""
    if row[TYPE] == "gift":
        return isinstance(row[DATA], GiftData) and row[DATA].count_delta > 0
    return row[TYPE] == "social" and row[SUBTYPE] in ("follow", "share")


def streak(row: Row) -> str:
    """What the growths of a gift streak have in common, and nothing else; empty for what is no streak."""
    if row[TYPE] != "gift" or row[DATA].group_id in ("", "0"):
        return ""
    return f"{row[STREAM]} {row[USER_ID]} {row[DATA].gift_id} {row[DATA].group_id}"


def chosen(rows: list[Row]) -> tuple[list[Row], int]:
    """The dearest of what happened at once, in order, a streak as it stands at last; and how many were left out."""
    latest: dict[object, Row] = {}
    for at, row in enumerate(rows):
        latest[streak(row) or at] = row
    found = list(latest.values())
    best = sorted(range(len(found)), key=lambda at: _given(found[at])[1], reverse=True)[:_MOST_ALERTS]
    return [found[at] for at in sorted(best)], len(found) - len(best)


def _given(row: Row) -> tuple[int, int]:
    """How many pieces of a gift and for how many coins: of its whole streak so far where there is one."""
    if row[TYPE] != "gift":
        return 0, 0
    gift: GiftData = row[DATA]
    return (gift.repeat_count, gift.total_cost) if streak(row) else (gift.count_delta, gift.coins_delta)


def alert(row: Row, number: int, avatar: str, stand_in: str = "") -> Alert:
    """A line of the log (:func:`is_alert`) as the page gets it."""
    user = row[USER_ID]
    name = (row[NICKNAME] or row[HANDLE] or user)[:_NAME]
    if row[TYPE] != "gift":
        return Alert(number, row[SUBTYPE], name, picture(avatar, stand_in), user=user)
    gift: GiftData = row[DATA]
    image = picture(gift.image_url, stand_in)
    what = (gift.gift_name[:_NAME], *_given(row), image, user, streak(row))
    return Alert(number, "gift", name, picture(avatar, stand_in), *what)


def goal(data: GoalData, identity: str, stream: str = "") -> Goal:
    """A goal as the page gets it."""
    name = data.title[:_NAME] or ("Gift goal" if data.goal_type == "gift" else "Goal")
    return Goal(name, data.current, data.target, data.progress, identity, stream)


def picture(address: str, stand_in: str = "") -> str:
    """An address that a page may load as a picture, or nothing.

    ``stand_in`` is the origin of the stand-in for TikTok where there is one: it has no certificate.
    """
    fits = address.startswith("https://") or bool(stand_in and address.startswith(f"{stand_in}/"))
    return address if fits and len(address) < 2000 else ""


def _card(line: Line, winner: str, stand_in: str) -> Card:
    avatar = picture(line.avatar_url, stand_in)
    return Card(line.user_id, line.name[:_NAME], avatar, line.score, line.user_id == winner)
