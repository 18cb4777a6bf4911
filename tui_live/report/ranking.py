"""The leaderboard of a session as a table."""

from __future__ import annotations

from tui_live.core.past import SessionFacts
from tui_live.core.standings import Line, Standings
from tui_live.report.markup import Content, person, tag
from tui_live.report.page import block
from tui_live.report.tables import table
from tui_live.report.trust import coverage
from tui_live.report.words import full

#: How many places a report has.
PLACES = 25


def ranking(board: Standings, of: SessionFacts) -> Content:
    """The first places, and what is to be known about them."""
    rows = [_row(line) for line in board.lines[:PLACES]]
    used = any(line.used_score for line in board.lines[:PLACES])
    heads = ("#", "who", "#score", "#coins", "#gifts", "#likes", "#comments", "#follows", "#shares", "follower")
    shown = f"The first {len(rows):,} of {board.people:,}, {board.scoring:,} of them with points" if rows else ""
    said: list[Content] = ["Points are exact and shown rounded up, by the rules in effect now. "]
    if of.totals.room_likes:
        part = coverage(of.totals.likes, of.totals.room_likes)
        said.append(f"Only {part} of the room's likes came with a name: points for likes cover that part. ")
    if used:
        said.append("Points that a reset put aside stand below the score as used. ")
    if board.winner is not None:
        said += ["Winner: ", person(board.winner.name, board.winner.handle), ". "]
    if board.paused:
        said.append("Scoring is paused. ")
    return block("Leaderboard", table(heads, rows, "Nobody is on the leaderboard.", shown), note=said, wide=True)


def _row(line: Line) -> tuple[Content, ...]:
    now = line.now
    return (
        line.place,
        person(line.name, line.handle),
        [full(line.score), tag("small", f" {full(line.used_score)} used") if line.used_score else None],
        full(now.coins),
        full(now.gifts),
        full(now.likes),
        full(now.comments),
        full(now.follows),
        full(now.shares),
        "yes" if line.follower else "–",
    )
