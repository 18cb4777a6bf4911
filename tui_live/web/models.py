"""What pages show, made from the engine's models, and what changed since a page was last told."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.events import GiftData
from tui_live.core.log import DATA, HANDLE, NICKNAME, STREAM, SUBTYPE, TYPE, USER_ID, Row
from tui_live.core.standings import Line, Standings
from tui_live.web.protocol import Alert, Asked, Board, BoardChange, Card, QuestionShown

#: Names and comments are cut here already: no page shows more.
_NAME, _TEXT = 80, 500
_MOST_ALERTS = 5


def board(standings: Standings, top: int) -> Board:
    """The first places of a ranking; who has no points is not among them."""
    winner = standings.winner.user_id if standings.winner else ""
    return Board(
        tuple(_card(line, winner) for line in standings.lines[:top] if line.score > 0),
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


def question(candidates: Sequence[Standings]) -> QuestionShown:
    """The comment on screen; of several streams, the one that was put there last."""
    shown = [standings for standings in candidates if standings.shown is not None]
    latest = max(shown, key=lambda standings: standings.shown_ms, default=None)
    if latest is None or latest.shown is None:
        return QuestionShown()
    asked = latest.shown
    name = asked.nickname or asked.username or asked.user_id
    return QuestionShown(Asked(str(asked.msg_id), name[:_NAME], picture(asked.avatar_url), asked.text[:_TEXT]))


def alert(row: Row, number: int, avatar: str) -> Alert | None:
    """A line of the log as something to celebrate, where it is one. A gift streak is one alert for each growth."""
    kind = row[TYPE]
    name = (row[NICKNAME] or row[HANDLE] or row[USER_ID])[:_NAME]
    if kind == "gift" and isinstance(row[DATA], GiftData):
        gift: GiftData = row[DATA]
        if not gift.count_delta:
            return None
        image = picture(gift.image_url)
        return Alert(
            number, "gift", name, avatar, gift.gift_name[:_NAME], gift.count_delta, gift.coins_delta, image=image
        )
    if kind == "social" and row[SUBTYPE] in ("follow", "share"):
        return Alert(number, row[SUBTYPE], name, avatar)
    return None


def chosen(alerts: list[Alert]) -> tuple[tuple[Alert, ...], int]:
    """The dearest of what happened at once, in order, and how many were left out."""
    if len(alerts) <= _MOST_ALERTS:
        return tuple(alerts), 0
    best = sorted(alerts, key=lambda each: each.coins, reverse=True)[:_MOST_ALERTS]
    return tuple(sorted(best, key=lambda each: each.id)), len(alerts) - _MOST_ALERTS


def belongs(row: Row, stream: int | None) -> bool:
    """Whether a line of the log is of that stream (``None``: of any)."""
    return stream is None or row[STREAM] == stream


def picture(address: str) -> str:
    """An address that a page may load as a picture, or nothing."""
    return address if address.startswith("https://") and len(address) < 2000 else ""


def _card(line: Line, winner: str) -> Card:
    return Card(line.user_id, line.name[:_NAME], picture(line.avatar_url), line.score, line.user_id == winner)
