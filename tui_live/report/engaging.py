"""The engagement of a session: who was there, who did something, what was given, in which languages, when (SPEC §9)."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.core.engagement import EngagementResult
from tui_live.core.engagement.figures import Rate
from tui_live.core.engagement.gifts import Gift
from tui_live.core.engagement.result import HourCell, Words
from tui_live.report.markup import Content, Markup, named, person, tag
from tui_live.report.page import block, nothing
from tui_live.report.tables import Fact, HeatCell, facts, heat, note_of, table
from tui_live.report.words import (
    DAYS,
    UNKNOWN,
    UNTOLD,
    Clock,
    figure,
    full,
    minutes_of,
    percent,
    quartiles,
    sample,
    span,
)

_OF = "engagement"
_DEEDS = {
    "chat": "chatted",
    "gift": "gave",
    "like": "liked",
    "social": "followed, shared or subscribed",
    "question": "asked a question",
    "emote": "sent an emote",
    "envelope": "sent an envelope",
}


def engaging(analysis: Analysis, clock: Clock, hours: Content) -> Content:
    """Everything about the audience; ``hours`` is what is plotted of coins by the hour."""
    result = analysis.engagement
    return [
        block("Viewers and rates", facts(_rates(result, clock), _OF), wide=True),
        block("Who was there", facts(_people(result), _OF), _deeds(result), wide=True),
        tag("h3", "Gifts and coins", class_="part"),
        hours,
        _given(result),
        tag(
            "div",
            _words("Languages", "languages", result.languages, "messages"),
            _words("Regions", "regions", result.regions, "people"),
            class_="pair",
        ),
        _busy(result, clock),
    ]


def _rates(result: EngagementResult, clock: Clock) -> list[Fact]:
    viewers = result.viewers

    def rate(field: str, name: str, of: Rate, note: str | None = None) -> Fact:
        known = of.per_minute is not None
        return Fact(field, figure(of.per_minute), minutes_of(of) if known else None, name, note)

    return [
        Fact(
            "viewers.peak",
            UNTOLD if viewers.peak is None else full(viewers.peak),
            None if viewers.peak_ms is None else f"at {clock.moment(viewers.peak_ms, result.start_ms)}",
        ),
        Fact(
            "viewers.mean",
            UNTOLD if viewers.mean is None else figure(viewers.mean),
            f"over {span(viewers.known_minutes * 60)} in which the number is known"
            if viewers.mean is not None
            else None,
        ),
        rate("messages_per_minute", "Messages per minute", result.messages_per_minute),
        rate("likes_per_minute", "Likes per minute", result.likes_per_minute),
        rate("room_likes_per_minute", "Room likes per minute", result.room_likes_per_minute),
        rate("coins", "Coins per minute", result.coins_per_minute),
        rate(
            "messages_per_minute", "Joins per minute", result.joins_per_minute, "As far as TikTok tells who comes in."
        ),
    ]


def _people(result: EngagementResult) -> list[Fact]:
    people, delays = result.people, result.first_action
    beyond = (
        f"{several(people.beyond, 'message')} of people beyond the 200,000 who are followed" if people.beyond else None
    )
    of_visitors = people.active_of_visitors
    active = sample(people.active)
    if of_visitors is not None and of_visitors.share is not None:
        active += f"; {percent(of_visitors.share)} of all visitors ({sample(of_visitors)})"
    if people.returning is None:
        returning, told = UNKNOWN, "No earlier session of this streamer is known."
    else:
        returning = f"{percent(people.returning.share)} returning"
        told = f"{sample(people.returning)}; {full(people.new)} new"
    return [
        Fact("people.seen", full(people.seen), beyond or f"{full(people.joined)} were told to come in"),
        Fact("people.visitors", UNTOLD if people.visitors is None else full(people.visitors)),
        Fact("people.returning", returning, told),
        Fact("people.active", percent(people.active.share), active),
        Fact(
            "first_action",
            UNKNOWN if delays.median_s is None else span(delays.median_s),
            None if delays.median_s is None else quartiles(delays),
        ),
    ]


def _deeds(result: EngagementResult) -> Content:
    people = result.people
    rows = [
        (_DEEDS.get(kind, kind), full(many), percent(many / people.seen))
        for kind, many in sorted(people.actors.items(), key=lambda item: -item[1])
        if many
    ]
    return [
        tag("h3", "Who did what"),
        table(("did at least once", "#people", "#of those seen"), rows, "Nobody is known to have done anything."),
        tag("p", note_of("people.actors", _OF), class_="note"),
    ]


def _given(result: EngagementResult) -> Content:
    guests = f" {full(result.guest_coins)} coins went to guests." if result.guest_coins else ""
    untold = (
        f" {several(result.untold_gifts, 'gift')} of kinds or people beyond the bounds." if result.untold_gifts else ""
    )
    givers = several(result.givers, "person", "people")
    said = f"{full(result.coins)} coins by {several(result.gifts, 'gift')} of {givers}."
    if not result.gifts:
        return block("Gifts", nothing("Nothing was given to the host."), note=guests.strip() or None)
    spenders = [
        (
            number,
            person(one.display_name, one.username),
            full(one.units),
            full(one.coins),
            _part(one.coins, result.coins),
        )
        for number, one in enumerate(result.spenders, 1)
    ]
    shown = f"{len(spenders):,} of {result.givers:,} givers" if result.givers > len(spenders) else ""
    return [
        block(
            "Top spenders",
            table(("#", "who", "#gifts", "#coins", "#of all coins"), spenders, "Nobody who gave is named.", shown),
            note=f"{said}{guests}{untold} {note_of('spenders', _OF)} {note_of('coins', _OF)}",
            wide=True,
        ),
        tag(
            "div",
            block("Most sent gifts", _gifts(result.most_sent, result), note=note_of("most_sent", _OF), wide=True),
            block("Gifts that brought most", _gifts(result.dearest, result), note=note_of("dearest", _OF), wide=True),
            class_="pair",
        ),
    ]


def _gifts(gifts: list[Gift], result: EngagementResult) -> Markup:
    rows = [(named(one.gift_name), full(one.units), full(one.coins), _part(one.coins, result.coins)) for one in gifts]
    return table(("gift", "#units", "#coins", "#of all coins"), rows, "There were no gifts.")


def _part(part: int, of: int) -> str:
    return percent(part / of) if of else "–"


def _words(title: str, field: str, words: Words, what: str) -> Markup:
    rows = [(named(one.name), full(one.count), percent(one.count / words.known.part)) for one in words.top]
    others = f", {full(words.others)} of them of others" if words.others else ""
    return block(
        title,
        table((title[:-1].lower(), f"#{what}", "#of those told"), rows, f"{UNTOLD}."),
        note=f"Told of {sample(words.known)} {what}{others}. {note_of(field, _OF)}",
        wide=True,
    )


def hours_of(cells: list[HourCell], kind: str) -> Markup:
    """Hours × weekdays of ``messages`` or ``coins`` per observed minute."""
    found = [HeatCell(one.weekday, one.hour, getattr(one, kind) / one.minutes, one.minutes) for one in cells]
    return heat(found, f"{kind} a minute", "chat" if kind == "messages" else "coins")


def _busy(result: EngagementResult, clock: Clock) -> Content:
    rows = [
        (
            f"{DAYS[one.weekday]} {one.hour:02d}:00",
            figure(one.messages_per_minute),
            full(one.messages),
            full(one.coins),
            full(one.likes),
            full(one.joins),
            span(one.minutes * 60),
        )
        for one in result.busiest
    ]
    heads = ("hour", "#messages/min", "#messages", "#coins", "#likes", "#joins", "#observed")
    return [
        block(
            "Busiest hours",
            table(heads, rows, "No hour was observed for ten minutes."),
            note=f"{note_of('busiest', _OF)} {clock.name}.",
            wide=True,
        ),
        block("Messages per minute, hours and weekdays", hours_of(result.hours, "messages"), wide=True),
        block(
            "Coins per minute, hours and weekdays",
            hours_of(result.hours, "coins"),
            note=f"{note_of('hours', _OF)} {clock.name}.",
            wide=True,
        ),
    ]
