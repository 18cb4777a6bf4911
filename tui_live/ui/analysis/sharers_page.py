"""Who shared: the most diligent, the influencers, and where the shares went."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.core.shares import SharesResult
from tui_live.core.shares.sharers import Sharer
from tui_live.core.text import drawn
from tui_live.ui.analysis.page import Column, Entry, Opens, Piece, Row, blank, heading, table, text_rows
from tui_live.ui.analysis.share_free import nobody_shared
from tui_live.ui.analysis.words import called, sample
from tui_live.ui.format import clock, full, short, span

_COLUMNS = (
    *(Column("#"), Column("sharer", right=False, elastic=True), Column("shares"), Column("", right=False)),
    *(Column("followers"), Column("followed"), Column("chat"), Column("gift"), Column("like")),
    *(Column("first"), Column("last"), Column("handle", right=False)),
)
_AFTER = "followed: so long after it   ✓ after sharing"


def sharers(analysis: Analysis, width: int, height: int) -> list[Row]:
    """Top sharers, influencers, targets."""
    found = analysis.shares
    if not found.shares:
        return nobody_shared(analysis, width)
    rows = [heading("Top sharers", _of(len(found.top_sharers), found.sharers) + _AFTER)]
    if found.top_sharers:
        rows += table(_COLUMNS, _entries(found.top_sharers, "sharer"), width)
    else:
        rows += text_rows("Nobody with a name shared: all shares are anonymous.", width)
    rows += [blank(), heading("Influencers", f"{full(found.rules.influencer_followers)} followers or more")]
    if found.top_influencers:
        rows += table(_COLUMNS, _entries(found.top_influencers, "influencer"), width)
    else:
        known = found.reach.known
        rows += text_rows(f"None among the {several(known.part, 'sharer')} whose followers TikTok told.", width)
    return [*rows, blank(), *_targets(found, width)]


def _of(shown: int, all_: int) -> str:
    return f"{full(shown)} of {full(all_)}   " if shown < all_ else ""


def _entries(people: Sequence[Sharer], what: str) -> list[Entry]:
    return [
        Entry(
            (
                Piece(full(at), "row--reason"),
                Piece(called(one.display_name, one.username, one.user_id), "log--nick"),
                Piece(full(one.shares), "board--score"),
                Piece(_mark(one), "board--follower" if one.first_time else "row--reason"),
                Piece("–" if one.followers is None else short(one.followers)),
                Piece(_followed(one), "row--number" if one.followed_after_s is not None else "row--reason"),
                *(_done(did) for did in (one.chatted_after, one.gave_after, one.liked_after)),
                Piece(clock(one.first_ms)[:5], "row--reason"),
                Piece(clock(one.last_ms)[:5], "row--reason"),
                Piece(f"@{drawn(one.username)}" if one.username else "", "row--reason"),
            ),
            (what, one.user_id),
            Opens("person", one.user_id, one.display_name or one.username or one.user_id),
        )
        for at, one in enumerate(people, 1)
    ]


def _followed(one: Sharer) -> str:
    if one.followed_after_s is not None:
        return span(one.followed_after_s)
    return "before" if one.followed_before else "–"


def _done(did: bool) -> Piece:
    return Piece("✓", "board--follower") if did else Piece("–", "row--reason")


def _mark(one: Sharer) -> str:
    """Whether they shared in an earlier session, where that is known."""
    return "" if one.first_time is None else "new" if one.first_time else "again"


def _targets(found: SharesResult, width: int) -> list[Row]:
    targets = found.targets
    rows = [heading("Where to", f"TikTok says it of {sample(targets.known)} shares")]
    if not targets.top:
        return [*rows, *text_rows("TikTok does not say.", width)]
    columns = (Column("shares"), Column("to", right=False, elastic=True))
    entries = [
        Entry((Piece(full(one.count), "board--score"), Piece(drawn(one.name))), ("target", one.name))
        for one in targets.top
    ]
    rows += table(columns, entries, width)
    if targets.others:
        rows += text_rows(f"and {full(targets.others)} to others", width)
    return rows
