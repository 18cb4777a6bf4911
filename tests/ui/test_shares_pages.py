"""What the pages of shares say is what the analysis has; what is not known is no zero."""

from __future__ import annotations

from msgspec import structs

from tests.core.story import share
from tests.ui.analysed import evening, told
from tests.ui.paged import figures, lines, page, spikes
from tui_live.core.analysis import across
from tui_live.core.events import Person
from tui_live.ui.analysis import shares_across, shares_pages
from tui_live.ui.analysis.plot import LABEL
from tui_live.ui.analysis.words import decimal, percent, tenths
from tui_live.ui.format import clock, full, short, span

__all__ = ["spikes"]


def test_the_overview_says_the_figures_with_their_samples(spikes) -> None:
    found, said = spikes.shares, figures(page(shares_pages.PAGES, spikes, "overview", 199))
    assert said["shares"][0] == full(found.shares)
    number, words = said["per minute"]
    assert number == decimal(found.per_minute.per_minute)
    assert words.startswith(
        f"{decimal((found.per_minute.per_minute or 0) * 60)} an hour; {full(found.per_minute.count)} in"
    )
    assert "28:00 watched, 1 gap left out" in words
    assert said["busiest minute"] == (full(found.busiest_minute), f"from {clock(found.busiest_minute_ms or 0)} on")
    for name, portion in (
        ("repeat", found.repeat_sharers),
        ("first-time", found.first_time_sharers),
        ("share → follow", found.conversion.followed),
    ):
        assert said[name][0] == percent(portion)
        assert said[name][1].startswith(f"{full(portion.part)} of {full(portion.of)} ")
    assert said["reach"][0] == f"≤ {short(found.reach.followers)}"
    assert "ESTIMATE" in said["reach"][1]
    assert "upper limit" in said["reach"][1]
    assert "ESTIMATE" in said["new viewers"][1]
    assert said["new viewers"][0] == tenths(found.new_viewers.per_share)
    assert f"± {found.new_viewers.error:.1f} a share" in said["new viewers"][1]
    assert said["users joined"] == (
        full(found.users_joined.users),
        f"as TikTok says in {full(found.users_joined.messages)} of {full(found.shares)} shares",
    )
    assert said["spikes"][0] == str(len(found.spikes)) != "0"
    best = max(found.spikes, key=lambda one: one.peak_times)
    assert said["spikes"][1].startswith(f"the highest {decimal(best.peak_times)}× the usual: {best.peak_count} shares")
    assert said["viral"][0] == str(len(found.viral)) != "0"


def test_a_spike_says_what_was_before_and_after(spikes) -> None:
    said = page(shares_pages.PAGES, spikes, "spikes")
    for one in spikes.shares.spikes:
        [line] = [line for line in said.split("\n") if f" {clock(one.began_ms)}" in line and "▲" in line]
        assert line.split()[2:] == [
            span((one.end_ms - one.began_ms) / 1000),
            str(one.shares),
            str(one.peak_count),
            decimal(one.peak_times),
            decimal(one.messages_before.per_minute),
            decimal(one.gifts_before.per_minute),
            decimal(one.coins_before.per_minute),
            str(one.follows_after.count),
            str(one.joins_after.count),
            span(one.peak_seconds),
            clock(one.at_ms),
        ]
        assert max(one.count, one.shares) >= one.peak_count >= 5
        assert one.peak_times >= one.times
    compared = spikes.shares.follows_after_spikes
    number, words = figures(said)["follows"]
    assert number == f"{decimal(compared.times)}×"
    assert f"{compared.within.count} follows in {span(compared.within.minutes * 60)}" in words
    assert f"usual are {decimal(compared.expected)}" in words


def test_spikes_stretches_and_gaps_are_marked_where_they_are(spikes) -> None:
    found = spikes.shares
    text = lines(shares_pages.overview(spikes, LABEL + 30, 24))
    marks, bars = text[1], text[2:7]
    for one in found.spikes:
        column = LABEL + (one.began_ms - found.over_minutes.start_ms) * 30 // (60_000 * len(found.over_minutes.counts))
        assert marks[column] == "▲"
    assert "━" in marks
    gap = [at for at, seconds in enumerate(found.over_minutes.observed_s) if not seconds]
    assert gap == [8, 9]
    for bar in bars:
        assert [at for at, char in enumerate(bar) if char == "░"] == [LABEL + 8, LABEL + 9]


def test_sharers_with_what_they_did_afterwards(spikes) -> None:
    text = page(shares_pages.PAGES, spikes, "sharers").split("\n")
    for at, one in enumerate(spikes.shares.top_sharers, 1):
        line = text[1 + at]
        assert line.split()[0] == str(at)
        words = line.split()
        assert ("again" in words) is (one.first_time is False)
        assert ("new" in words) is (one.first_time is True)
        assert ("before" in words) is (one.followed_before and one.followed_after_s is None)
        assert one.followed_after_s is None or span(one.followed_after_s) in words
        assert line.count("✓") == one.chatted_after + one.gave_after + one.liked_after
    assert sum("again" in line for line in text) > 0


def test_every_step_from_share_to_follow_has_its_sample() -> None:
    found = evening("conversions").shares.conversion
    said = figures(page(shares_pages.PAGES, evening("conversions"), "follows"))
    for name, portion in (
        ("followed", found.followed),
        ("and then did", found.followed_and_engaged),
        ("chatted", found.chatted),
        ("gave", found.gave),
        ("liked", found.liked),
        ("any of these", found.engaged),
        ("before sharing", found.engaged_before),
    ):
        assert said[name][0] == percent(portion), name
        assert f"{full(portion.part)} of {full(portion.of)}" in said[name][1], name
    assert found.follow_delay.median_s is not None
    assert said["after"][0] == span(found.follow_delay.median_s)


def test_cascades_and_chains() -> None:
    found = evening("cascades").shares
    text = page(shares_pages.PAGES, evening("cascades"), "cascades").split("\n")
    assert found.cascades == 3
    for line, one in zip(text[2:], found.longest_cascades, strict=False):
        took = span((one.end_ms - one.start_ms) / 1000)
        assert line.split()[:4] == [clock(one.start_ms), str(one.shares), str(one.people), took]
    for length, count in found.chain_lengths.items():
        [line] = [line for line in text if f" {length} share" in line]
        assert line.split()[2] == str(count)


def test_targets_are_told_where_tiktok_tells_them() -> None:
    silent = page(shares_pages.PAGES, told(share(10, 1)), "sharers")
    assert "TikTok says it of 0 of 1 shares" in silent
    assert "TikTok does not say" in silent
    says = page(shares_pages.PAGES, told(share(10, 1, "whatsapp"), share(20, 2)), "sharers")
    assert "TikTok says it of 1 of 2 shares" in says
    assert "whatsapp" in says


def test_what_is_not_known_is_no_zero() -> None:
    said = figures(page(shares_pages.PAGES, told(share(30, 1)), "overview"))
    for name in ("first-time", "reach", "users joined"):
        assert said[name][0] == "not known"
    assert figures(page(shares_pages.PAGES, told(share(30, None)), "overview"))["share → follow"][0] == "not known"
    assert said["viral"][0] == "0"


def test_what_cannot_be_known_yet_is_no_zero() -> None:
    young = told(share(1, 1), share(9, 2), minutes=0.3)
    said = figures(page(shares_pages.PAGES, young, "overview", 199))
    assert said["spikes"] == ("not known", "not yet: the first 06:00 only tell what is usual")
    assert said["new viewers"][0] == "not known"
    assert said["per minute"][1].startswith("2 in 00:18")
    assert "Not known not yet" not in page(shares_pages.PAGES, young, "spikes")
    assert "the first 06:00 only tell" in page(shares_pages.PAGES, young, "spikes")
    busy = told(*(share(2 * at, at) for at in range(600)))
    assert figures(page(shares_pages.PAGES, busy, "overview", 199))["cascades"][0] == "not known"
    assert "Not known: shares are too frequent" in page(shares_pages.PAGES, busy, "cascades", 199)
    both = across("alice", (young, busy))
    assert " – " in page(shares_across.PAGES, both, "sessions", 199)
    said = figures(page(shares_across.PAGES, both, "together", 199))
    assert said["spikes"][1] == "in 2 sessions; not known in 1 of them"
    assert said["cascades"] == ("0", "in 2 sessions; not known in 1 of them")


def test_a_reach_that_is_no_upper_limit_is_none() -> None:
    followed = Person("1", "a", followers=2_000)
    told_of_all = told(share(1, followed))
    assert figures(page(shares_pages.PAGES, told_of_all, "overview"))["reach"][0] == "≤ 2.0k"
    one_unknown = told(share(1, followed), share(2, 2))
    number, words = figures(page(shares_pages.PAGES, one_unknown, "overview", 199))["reach"]
    assert (number, "1 of 2 sharers" in words, "upper limit" in words) == ("≥ 2.0k", True, False)


def test_lists_that_are_cut_say_of_how_many() -> None:
    found = evening("spikes")
    cut = structs.replace(
        found, shares=structs.replace(found.shares, spikes_found=2_042, viral_found=2_043), session=found.session
    )
    text = page(shares_pages.PAGES, cut, "spikes")
    assert "2,042" in text
    assert "2,043" in text
