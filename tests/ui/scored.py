"""What people did on a leaderboard, and what the console shows of it."""

from __future__ import annotations

from tests.ui.fakes import NOW_MS, person
from tui_live.core.events import ChatData, Event, GiftData, Person
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.widgets.board_view import BoardView

ANA, KING, SAKURA, JOHN = person(0), person(1), person(2), person(3)


def gift(who: Person, coins: int, count: int = 1, msg_id: int = 1, at: int = 0) -> Event:
    data = GiftData("Rose", "5655", coins, count, True, "9", coins * count, count, coins * count)
    return Event("gift", "", who, f"Rose ×{count}", NOW_MS + at, data, msg_id, 0)


def said(who: Person, text: str, msg_id: int, at: int = 0) -> Event:
    return Event("chat", "", who, text, NOW_MS + at, ChatData(text), msg_id, 0)


def board_of(app: TuiLiveApp) -> BoardView:
    return app.main.board.list


def names(app: TuiLiveApp) -> list[str]:
    return [line.name for line in board_of(app).standings.lines]


def toasts(app: TuiLiveApp) -> list[str]:
    return [note.message for note in app._notifications]


def screen_text(app: TuiLiveApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
