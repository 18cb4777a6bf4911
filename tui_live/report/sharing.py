"""The shares of a session: how many, who, in what spikes and cascades, and what came of it (SPEC §9)."""

from __future__ import annotations

from tui_live.core.analysis import Analysis
from tui_live.core.counts import several
from tui_live.core.engagement.figures import Portion, Rate
from tui_live.core.shares import SharesResult
from tui_live.core.shares.result import NewViewers
from tui_live.core.shares.sharers import Sharer
from tui_live.report.markup import Content, Markup, named, person, tag
from tui_live.report.page import block, nothing
from tui_live.report.tables import Fact, HeatCell, facts, heat, note_of, table
from tui_live.report.words import (
    UNKNOWN,
    UNTOLD,
    Clock,
    figure,
    full,
    minutes_of,
    percent,
    quartiles,
    reach_of,
    sample,
    span,
    tenths,
)

_OF = "shares"


def sharing(analysis: Analysis, clock: Clock, hours: Content) -> Content:
    """Everything that is known of the shares; ``hours`` is what is plotted of them by the hour."""
    result = analysis.shares
    if not result.shares:
        return [
            nothing("Nobody shared in the observed time, as far as TikTok told."),
            _rules(result),
        ]
    return [
        _figures(result, clock),
        hours,
        block("Hours and weekdays", _hours(result), note=note_of("hours", _OF) + f" {clock.name}.", wide=True),
        _spikes(result, clock),
        _viral(result, clock),
        block("What sharers did afterwards", facts(_conversion(result), _OF), wide=True),
        block(
            "Top sharers",
            _sharers(result.top_sharers, result.sharers, "sharers", clock, result.start_ms),
            note=note_of("top_sharers", _OF),
            wide=True,
        ),
        _influencers(result, clock),
        _cascades(result, clock),
        _targets(result),
        _rules(result),
    ]


def _figures(result: SharesResult, clock: Clock) -> Markup:
    rate = result.per_minute
    # Of less than a minute, an hour tells nothing.
    hourly = "" if rate.per_minute is None or rate.minutes < 1 else f"{figure(rate.per_minute * 60)} an hour, "
    joined = result.users_joined
    busiest = (
        None if result.busiest_minute_ms is None else f"from {clock.moment(result.busiest_minute_ms, result.start_ms)}"
    )
    first = result.first_time_sharers
    anonymous = f"{several(result.anonymous, 'share')} without a name" if result.anonymous else None
    return block(
        "In figures",
        facts(
            [
                Fact("shares", full(result.shares), anonymous),
                Fact(
                    "per_minute",
                    f"{figure(rate.per_minute)} a minute",
                    [hourly, minutes_of(rate)],
                ),
                Fact("busiest_minute", several(result.busiest_minute, "share"), busiest),
                Fact("sharers", full(result.sharers)),
                Fact("repeat_sharers", percent(result.repeat_sharers.share), sample(result.repeat_sharers)),
                Fact("first_time_sharers", UNKNOWN if first is None else percent(first.share), sample(first)),
                Fact("reach", *reach_of(result.reach)),
                Fact(
                    "users_joined",
                    full(joined.users) if joined.messages else UNTOLD,
                    f"in {several(joined.messages, 'message')} that say so" if joined.messages else None,
                ),
                _new_viewers(result.new_viewers),
            ],
            _OF,
        ),
        wide=True,
    )


def _new_viewers(new: NewViewers) -> Fact:
    of = f"{several(new.shares, 'share')} and {several(new.joins, 'first join')} in {span(new.minutes * 60)}"
    if new.error is None:
        return Fact("new_viewers", UNKNOWN, f"an estimate takes more shares over a longer time than {of}")
    if new.per_share is None:
        return Fact("new_viewers", UNKNOWN, f"chance alone moves the estimate by ± {new.error:.1f} a share: {of}")
    return Fact("new_viewers", f"{tenths(new.per_share)} ± {new.error:.1f}", f"estimate, from {of}")


def _hours(result: SharesResult) -> Markup:
    cells = [HeatCell(one.weekday, one.hour, one.per_hour, one.minutes) for one in result.hours]
    return heat(cells, "shares an hour", "shares")


def _per_minute(rate: Rate) -> Content:
    return "–" if rate.per_minute is None else [figure(rate.per_minute), " ", tag("small", minutes_of(rate))]


def _spikes(result: SharesResult, clock: Clock) -> Content:
    after = result.follows_after_spikes
    rows = [
        (
            [
                clock.moment(one.began_ms, result.start_ms),
                tag("small", " viral") if one.viral else None,
                tag("small", f" noticed {clock.exact(one.at_ms)}"),
            ],
            span((one.end_ms - one.began_ms) / 1000),
            full(one.shares),
            f"{one.peak_count:,} in {span(one.peak_seconds)}",
            f"{one.peak_times:.1f}×",
            _per_minute(one.messages_before),
            _per_minute(one.gifts_before),
            _per_minute(one.coins_before),
            full(one.follows_after.count),
            full(one.joins_after.count),
        )
        for one in result.spikes
    ]
    heads = (
        "began",
        "#length",
        "#shares",
        "#peak",
        "#times the usual",
        "#messages/min before",
        "#gifts/min before",
        "#coins/min before",
        "#follows after",
        "#came in after",
    )
    usual = (
        f"The session's own: {figure(result.messages_per_minute.per_minute)} messages, "
        f"{figure(result.gifts_per_minute.per_minute)} gifts and "
        f"{figure(result.coins_per_minute.per_minute)} coins a minute. "
    )
    compared = Fact(
        "follows_after_spikes",
        UNKNOWN if after.times is None else f"{figure(after.times)} times the usual",
        f"{minutes_of(after.within)} after {several(after.causes, 'spike')}, {minutes_of(after.usual)} otherwise"
        + ("" if after.extra is None else f"; {figure(after.extra)} beyond the usual"),
    )
    return block(
        "Spikes",
        _cut(len(rows), result.spikes_found, "highest"),
        table(heads, rows, _no_spikes(result)),
        tag("p", usual, note_of("spikes", _OF), " ", note_of("spikes.messages_before", _OF), class_="note")
        if rows
        else tag("p", note_of("spikes", _OF), class_="note"),
        facts([compared], _OF) if rows else None,
        wide=True,
    )


def _no_spikes(result: SharesResult) -> str:
    if result.spikes_known:
        return "There were no spikes."
    return f"Not known yet: the first {span(result.learning_s)} only tell what is usual."


def _viral(result: SharesResult, clock: Clock) -> Markup:
    least = result.rules.viral_per_minute
    if least is None:
        return block("Viral stretches", nothing("shares.viral_per_minute is not set, so nothing is called viral."))
    rows = [
        (
            clock.moment(one.start_ms, result.start_ms),
            clock.moment(one.end_ms, result.start_ms),
            span((one.end_ms - one.start_ms) / 1000),
            full(one.shares),
            full(one.peak_per_minute),
        )
        for one in result.viral
    ]
    heads = ("from", "to", "#length", "#shares", "#in the busiest minute")
    return block(
        "Viral stretches",
        _cut(len(rows), result.viral_found, "busiest"),
        table(heads, rows, f"No minute had {least:g} shares."),
        note=note_of("viral", _OF),
    )


def _cut(listed: int, found: int, which: str) -> Markup | None:
    """That a list has not all of them."""
    return tag("p", f"The {full(listed)} {which} of {full(found)}.", class_="note") if listed < found else None


def _conversion(result: SharesResult) -> list[Fact]:
    one = result.conversion

    def part(field: str, portion: Portion, name: str = "", note: str | None = None) -> Fact:
        return Fact(field, percent(portion.share), sample(portion), name, note)

    delays = one.follow_delay
    return [
        part("conversion.followed", one.followed),
        Fact(
            "conversion.follow_delay",
            "nobody followed" if delays.median_s is None else span(delays.median_s),
            None if delays.median_s is None else quartiles(delays),
        ),
        part("conversion.engaged", one.engaged),
        part("conversion.engaged", one.engaged_before, "The same before their first share", ""),
        part("conversion.engaged", one.chatted, "Chatted after sharing", ""),
        part("conversion.engaged", one.gave, "Gave after sharing", ""),
        part("conversion.engaged", one.liked, "Liked after sharing", ""),
        part("conversion.followed_and_engaged", one.followed_and_engaged),
    ]


def _sharers(people: list[Sharer], of: int, kind: str, clock: Clock, of_ms: int) -> Content:
    rows = [
        (
            number,
            person(one.display_name, one.username),
            full(one.shares),
            "–" if one.followers is None else full(one.followers),
            _known_before(one),
            clock.moment(one.first_ms, of_ms),
            _followed(one),
            ", ".join(_deeds(one)) or "–",
        )
        for number, one in enumerate(people, 1)
    ]
    heads = ("#", "who", "#shares", "#followers", "earlier", "first share", "follow", "afterwards")
    shown = f"{len(people):,} of {of:,} {kind}" if of > len(people) else ""
    return table(heads, rows, "Nobody who shared is named.", shown)


def _known_before(one: Sharer) -> str:
    return UNKNOWN if one.first_time is None else "first time" if one.first_time else "shared before"


def _followed(one: Sharer) -> str:
    if one.followed_after_s is not None:
        return f"{span(one.followed_after_s)} after sharing"
    return "before" if one.followed_before else "–"


def _deeds(one: Sharer) -> list[str]:
    done = ((one.chatted_after, "chatted"), (one.gave_after, "gave"), (one.liked_after, "liked"))
    return [name for did, name in done if did]


def _influencers(result: SharesResult, clock: Clock) -> Markup:
    portion, least = result.influencer_shares, result.rules.influencer_followers
    compared = Fact(
        "influencer_shares",
        percent(portion.share) if portion.of else UNTOLD,
        f"{sample(portion)} shares, by {several(result.influencers, 'person', 'people')}"
        f" with {least:,} followers or more"
        if portion.of
        else "TikTok told nobody's followers with a share",
    )
    people = (
        _sharers(result.top_influencers, result.influencers, "influencers", clock, result.start_ms)
        if result.top_influencers
        else None
    )
    return block("Influencers", facts([compared], _OF), people, wide=True)


def _cascades(result: SharesResult, clock: Clock) -> Markup:
    rows = [
        (
            clock.moment(one.start_ms, result.start_ms),
            span((one.end_ms - one.start_ms) / 1000),
            full(one.shares),
            full(one.people),
            figure(one.by_chance_per_hour),
        )
        for one in result.longest_cascades
    ]
    heads = ("began", "#length", "#shares", "#people", "#by chance an hour")
    known = result.cascades is not None
    found = result.cascades or 0
    shown = f"{len(rows):,} of {several(found, 'cascade')}" if found > len(rows) else ""
    none = "Shares followed each other no more than by chance."
    if not known:
        none = "Not known: shares are too frequent, or too little was watched, to tell cascades from chance."
    lengths = [(length, full(many)) for length, many in _lengths(result.chain_lengths)]
    return tag(
        "div",
        block(
            f"Cascades: {found:,}" if known else "Cascades",
            table(heads, rows, none, shown),
            note=note_of("cascades", _OF) + (" " + note_of("longest_cascades", _OF) if rows else ""),
            wide=True,
        ),
        block(
            "Chain lengths",
            table(("#shares in a row", "#how often"), lengths, "There were no shares."),
            note=note_of("chain_lengths", _OF),
            wide=True,
        ),
        class_="pair",
    )


def _lengths(counted: dict[int, int]) -> list[tuple[str, int]]:
    """Chains by their number of shares, the long ones together."""
    found = [(str(length), counted[length]) for length in range(1, 10) if length in counted]
    for least, most in ((10, 19), (20, 49)):
        found.append((f"{least}–{most}", sum(many for length, many in counted.items() if least <= length <= most)))
    found.append(("50 or more", sum(many for length, many in counted.items() if length >= 50)))
    return [(length, many) for length, many in found if many]


def _targets(result: SharesResult) -> Markup:
    told = result.targets
    rows = [(named(one.name), full(one.count), percent(one.count / told.known.part)) for one in told.top]
    others = f", {several(told.others, 'of another', 'of others')}" if told.others else ""
    return block(
        "Share targets",
        table(("where to", "#shares", "#of those told"), rows, f"{UNTOLD} where a share went."),
        note=f"Told of {sample(told.known)} shares{others}. {note_of('targets', _OF)}",
    )


def _rules(result: SharesResult) -> Markup:
    rules = result.rules
    viral = f"{rules.viral_per_minute:g} shares a minute" if rules.viral_per_minute is not None else "not set"
    return tag(
        "p",
        f"Counted with shares.spike_times {rules.spike_times:g}, shares.window_seconds {rules.window_seconds:g}, "
        f"shares.viral_per_minute {viral}, shares.influencer_followers {rules.influencer_followers:,}, "
        f"shares.after_seconds {rules.after_seconds:g}, shares.cascade_seconds {rules.cascade_seconds:g}.",
        class_="note",
    )
