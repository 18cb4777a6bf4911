"""What pages are told to show, in more than one test."""

from __future__ import annotations

from tests.web.page_stand import card
from tui_live.web.protocol import Alert, Alerts, Asked, Board, Goal, Goals, QuestionShown

FIVE = Board(
    cards=(
        card("1", "🌸 Ana 🌸", 900),
        card("2", "山田太郎", 700),
        card("3", "محمد الأمين", 500),
        card("4", "👩🏽‍🚀👨‍👩‍👧‍👦", 300),
        card("5", "Zoë Å. Müller", 100),
    ),
    scoring=5,
    people=1234,
)
#: No emoji, no pictures: every pixel inside a card is ours.
PLAIN = Board(
    cards=(*(card(str(n), f"Viewer {n}", 1000 - n) for n in range(1, 5)), card("w", "Winner", 5, winner=True)),
    scoring=5,
    people=9,
    paused=True,
)
GOALS = Goals(
    (Goal("Coins for the guitar", 64_210, 100_000, 64.21, "1"), Goal("Followers", 1000, 1000, 100.0, "2", "ana"))
)
ALERTS = Alerts(
    (Alert(1, "gift", "Ana", "", "Rose", 5, 5), Alert(2, "follow", "Bob", ""), Alert(3, "share", "Zoë", "")), more=4
)
ASKED = QuestionShown(Asked("7000000000000000001", "Ana", "", "How old is your cat?"))
