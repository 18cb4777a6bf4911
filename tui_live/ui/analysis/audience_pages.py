"""Who was there, what they did and speak, and what they gave."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.core.engagement.gifts import Gift, Spender
from tui_live.core.engagement.result import Words
from tui_live.core.text import drawn
from tui_live.ui.analysis.page import Column, Entry, Opens, Piece, Row, blank, figure, heading, table, text_rows
from tui_live.ui.analysis.plot import drawn_curve, rates
from tui_live.ui.analysis.words import called, median, percent, quartiles, sample
from tui_live.ui.format import clock, full, span

_ACTS = {
    "chat": "chatted",
    "gift": "gave",
    "like": "liked",
    "social": "followed/shared",
    "question": "asked",
    "emote": "sent emote",
    "envelope": "sent envelope",
}


def gifts(analysis: Analysis, width: int, height: int) -> list[Row]:
    """Revenue over time, who gave it, and what was given."""
    found = analysis.engagement
    if not found.gifts:
        guests = f" Guests were given {full(found.guest_coins)} coins." if found.guest_coins else ""
        return [
            blank(),
            *text_rows(f"Nobody gave the host anything in this session yet.{guests}", width, "row--number"),
            *text_rows(
                "With the first gift there are coins over time, who gave most, and the gifts themselves.", width
            ),
        ]
    rows = [heading("Coins a minute", f"{full(found.coins)} in all, {several(found.gifts, 'gift')}")]
    rows += drawn_curve(rates(found.coins_over_time), width, 4 if height < 30 else 7)
    rows += [blank(), heading("Top spenders", _of(len(found.spenders), found.givers))]
    rows += spenders(found.spenders, found.coins, width)
    rows += [blank(), heading("Most sent gifts"), *gift_table(found.most_sent, found.coins, width)]
    rows += [blank(), heading("Gifts that brought most"), *gift_table(found.dearest, found.coins, width, "dear")]
    rows += [blank(), heading("By hour of the session", "local time")]
    plot = found.coins_per_hour
    columns = (Column("from", right=False), Column("coins"), Column("watched"))
    entries = [
        Entry(
            (
                Piece(clock(plot.start_ms + at * plot.step_s * 1000)),
                Piece(full(count) if seconds else "–", "log--coins"),
                Piece(span(seconds) if seconds else "gap", "row--reason"),
            ),
            ("coins", plot.start_ms + at * plot.step_s * 1000),
        )
        for at, (count, seconds) in enumerate(zip(plot.counts, plot.observed_s, strict=True))
    ]
    return [*rows, *table(columns, entries, width)]


def _of(shown: int, all_: int) -> str:
    return f"{full(shown)} of {full(all_)} who gave" if shown < all_ else several(all_, "person", "people") + " gave"


def spenders(people: Sequence[Spender], coins: int, width: int) -> list[Row]:
    """Who gave, with their part of ``coins``."""
    columns = (
        *(Column("#"), Column("who", right=False, elastic=True), Column("coins"), Column("part"), Column("gifts")),
        Column("handle", right=False),
    )
    entries = [
        Entry(
            (
                Piece(full(at), "row--reason"),
                Piece(called(one.display_name, one.username, one.user_id), "log--nick"),
                Piece(full(one.coins), "log--coins"),
                Piece(_part(one.coins, coins), "row--reason"),
                Piece(full(one.units)),
                Piece(f"@{drawn(one.username)}" if one.username else "", "row--reason"),
            ),
            ("spender", one.user_id),
            Opens("person", one.user_id, one.display_name or one.username or one.user_id),
        )
        for at, one in enumerate(people, 1)
    ]
    return table(columns, entries, width) if entries else text_rows("Nobody with a name gave anything.", width)


def gift_table(kinds: Sequence[Gift], coins: int, width: int, key: str = "gift") -> list[Row]:
    """Gifts by kind, with their part of ``coins``."""
    columns = (Column("gift", right=False, elastic=True), Column("sent"), Column("coins"), Column("part"))
    entries = [
        Entry(
            (
                Piece(drawn(one.gift_name) or one.gift_id, "log--nick"),
                Piece(full(one.units)),
                Piece(full(one.coins), "log--coins"),
                Piece(_part(one.coins, coins), "row--reason"),
            ),
            (key, one.gift_id),
        )
        for one in kinds
    ]
    return table(columns, entries, width)


def _part(part: int, whole: int) -> str:
    if not whole:
        return "–"
    return f"{part / whole:.0%}" if part * 200 >= whole or not part else "<1%"


def people(analysis: Analysis, width: int, height: int) -> list[Row]:
    """Who was seen, new and returning, what they did, from coming in to the first of it, languages and regions."""
    found = analysis.engagement
    seen = found.people
    rows = [heading("Viewers", "as far as TikTok's messages name them; nobody is ever named as leaving")]

    def add(name: str, number: str, words: str, field: str) -> None:
        rows.extend(figure(name, number, words, width, field))

    add("seen", full(seen.seen), f"came in or did something; {full(seen.joined)} were told to come in", "people.seen")
    visitors = "not told" if seen.visitors is None else full(seen.visitors)
    add("visitors", visitors, "TikTok's own count of all who came", "people.visitors")
    back = seen.returning
    if back is None or seen.new is None:
        add("returning", "not known", "there is no earlier session to compare with", "people.returning")
    else:
        add("returning", percent(back), f"{sample(back)} were seen in an earlier session", "people.returning")
        add("new", full(seen.new), "at most so many: evenings may not be recorded", "people.returning")
    add("active", percent(seen.active), f"{sample(seen.active)} seen did something", "people.active")
    part = seen.active_of_visitors
    if part is not None:
        add("", percent(part), f"{sample(part)} visitors", "people.active")
    for act, count in sorted(seen.actors.items(), key=lambda item: -item[1]):
        portion = f"of {full(seen.seen)} seen"
        add(f"  {_ACTS.get(act, act)}", full(count), portion, "people.actors")
    delays = found.first_action
    add("join → action", median(delays), f"{quartiles(delays)} who came in and did something", "first_action")
    rows += [blank(), heading("Languages", f"TikTok says one of {sample(found.languages.known)} messages")]
    rows += _words(found.languages, "messages", width)
    rows += [blank(), heading("Regions", f"TikTok says one of {sample(found.regions.known)} people")]
    return rows + _words(found.regions, "people", width)


def _words(words: Words, what: str, width: int) -> list[Row]:
    if not words.top:
        return text_rows("TikTok does not say.", width)
    columns = (Column("", right=False, elastic=True), Column(what), Column("part"))
    entries = [
        Entry(
            (
                Piece(drawn(one.name)),
                Piece(full(one.count), "board--score"),
                Piece(_part(one.count, words.known.part), "row--reason"),
            ),
            (what, one.name),
        )
        for one in words.top
    ]
    rows = table(columns, entries, width)
    return rows + text_rows(f"and {full(words.others)} of others", width) if words.others else rows
