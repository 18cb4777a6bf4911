"""What the pages say is what the analysis has; gaps are no zeros; names break no column."""

from __future__ import annotations

import pytest
from msgspec import structs
from rich.cells import cell_len

from tests.core.story import START, chat, event, gift, join, share, viewers
from tests.ui.analysed import Analysis, evening, evenings, told
from tests.ui.test_log_line import HOSTILE
from tui_live.core.analysis import across
from tui_live.core.engagement.figures import Plot, Portion
from tui_live.core.events import Person, SocialData
from tui_live.ui.analysis import engagement_across, engagement_pages, shares_across, shares_pages
from tui_live.ui.analysis.heat import heat_map
from tui_live.ui.analysis.page import Column, Entry, Piece, Row, table
from tui_live.ui.analysis.plot import LABEL, Curve, drawn_curve, rates
from tui_live.ui.analysis.words import decimal, percent, tenths
from tui_live.ui.format import clock, full, short, span

WIDTHS = (78, 108)


def lines(rows: list[Row]) -> list[str]:
    return ["".join(piece.text for piece in row.pieces) for row in rows]


def page(pages, analysis, name: str, width: int = 118, height: int = 36) -> str:
    make = {key: make for key, _, make in pages}[name]
    return "\n".join(lines(make(analysis, width, height)))


def figures(text: str) -> dict[str, tuple[str, str]]:
    """Name to number and words of every line that is a figure."""
    found = {}
    for line in text.split("\n"):
        name, number, words = line[1:18].strip(), line[18:27].strip(), line[29:]
        if name and number and name not in found:
            found[name] = number, words
    return found


@pytest.fixture(scope="module")
def spikes() -> Analysis:
    return evening("spikes")


# Shares


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


# Engagement


def test_the_overview_of_engagement_says_the_figures(spikes) -> None:
    found, said = spikes.engagement, figures(page(engagement_pages.PAGES, spikes, "overview"))
    assert said["peak viewers"] == (full(found.viewers.peak or 0), f"at {clock(found.viewers.peak_ms or 0)}")
    assert said["mean viewers"][0] == decimal(found.viewers.mean)
    for name, rate in (
        ("messages", found.messages_per_minute),
        ("coins", found.coins_per_minute),
        ("likes", found.likes_per_minute),
        ("room likes", found.room_likes_per_minute),
        ("joins", found.joins_per_minute),
    ):
        assert said[name][0] == decimal(rate.per_minute)
        assert f"{full(rate.count)} in {span(rate.minutes * 60)}" in said[name][1]
    assert said["viewers seen"][0] == full(found.people.seen)
    assert said["active"][0] == percent(found.people.active)
    assert said["revenue"][0] == full(found.coins)
    assert found.first_action.median_s is not None
    assert said["join → action"][0] == span(found.first_action.median_s)


def test_moments_gifts_people_and_hours(spikes) -> None:
    found = spikes.engagement
    moments = page(engagement_pages.PAGES, spikes, "moments").split("\n")
    for line, one in zip(moments[2:], found.moments, strict=False):
        assert line.split()[:4] == [
            clock(one.start_ms),
            decimal(one.points_per_minute),
            full(one.viewers or 0),
            full(one.messages),
        ]
    gifts = page(engagement_pages.PAGES, spikes, "gifts", 118, 80)
    for kind in (*found.most_sent, *found.dearest):
        assert any(line.split()[-3:-1] == [full(kind.units), full(kind.coins)] for line in gifts.split("\n")), kind
    for one in found.spenders:
        assert any(f"@{one.username}" in line and full(one.coins) in line for line in gifts.split("\n"))
    people = page(engagement_pages.PAGES, spikes, "people")
    assert figures(people)["returning"][0] == percent(found.people.returning or Portion(0, 0, None))
    for word in found.languages.top:
        assert any(line.split()[:2] == [word.name, full(word.count)] for line in people.split("\n"))
    assert "TikTok says one of" in people
    hours = page(engagement_pages.PAGES, spikes, "hours")
    assert f"Fri 08:00  {decimal(found.busiest[0].messages_per_minute):>8}" in hours


def test_retention_is_never_claimed(spikes) -> None:
    for pages in (engagement_pages.PAGES, shares_pages.PAGES):
        for name, _, make in pages:
            text = " ".join(lines(make(spikes, 199, 60))).lower()
            assert "watch time" not in text
            assert text.count("retention") == text.count("nothing here is about retention"), name


# All sessions


def test_sessions_stand_side_by_side() -> None:
    found = across("alice", tuple(evenings()), older=2)
    shares = page(shares_across.PAGES, found, "sessions", 199).split("\n")
    for line, one in zip(shares[2:], reversed(found.shares.lines), strict=False):
        cells = line.split()
        assert cells[2:6] == [span(one.observed_s), full(one.shares), decimal(one.per_minute), full(one.sharers)]
        cascades = "–" if one.cascades is None else str(one.cascades)
        assert cells[7:11] == [str(one.spikes), full(one.followed.part), full(one.followed.of), cascades]
    assert "4 sessions of @alice; 2 older ones left out" in page(shares_across.PAGES, found, "together")
    said = figures(page(shares_across.PAGES, found, "together", 199))
    assert said["shares"][0] == full(found.shares.shares)
    assert not found.shares.complete
    assert said["regular"][0] == f"≥ {found.shares.regular_sharers.part}"
    engagement = page(engagement_across.PAGES, found, "sessions", 199).split("\n")
    for line, line_of in zip(engagement[2:], reversed(found.engagement.lines), strict=False):
        assert full(line_of.peak_viewers or 0) in line.split()
        assert full(line_of.coins) in line.split()


def test_the_sessions_of_all_lead_to_them() -> None:
    found = across("alice", tuple(evenings()))
    rows = [row for row in shares_across.sessions(found, 118, 36) if row.opens is not None]
    assert [row.opens.key for row in rows if row.opens] == [one.session.id for one in found.sessions]


# Every page, every width


def _all_pages():
    together = across("alice", tuple(evenings()))
    for pages, found in (
        (shares_pages.PAGES, evening("spikes")),
        (engagement_pages.PAGES, evening("spikes")),
        (shares_pages.PAGES, told()),
        (engagement_pages.PAGES, told()),
        (shares_pages.PAGES, told(share(1, None))),
        (engagement_pages.PAGES, told(chat(1, 1))),
        (shares_pages.PAGES, told(chat(1, 1), join(2, 2), viewers(3, 7), gift(4, 1))),
        (engagement_pages.PAGES, told(chat(1, 1), join(2, 2), viewers(3, 7), gift(4, 1))),
        (shares_pages.PAGES, told(minutes=0)),
        (engagement_pages.PAGES, told(minutes=0)),
        (shares_across.PAGES, together),
        (engagement_across.PAGES, together),
        (shares_across.PAGES, across("alice", (told(),))),
        (engagement_across.PAGES, across("alice", (told(),))),
        (shares_pages.PAGES, hostile()),
        (engagement_pages.PAGES, hostile()),
    ):
        for name, _, make in pages:
            yield name, found, make


def hostile() -> Analysis:
    """Names, targets, gifts and languages that are made to break something."""
    events = []
    for number, text in enumerate(HOSTILE):
        who = Person(str(number), text, text, followers=10**18, region=text)
        events += [event(number, who, SocialData("shared", share_target=text), "share"), chat(number, who, text)]
        events += [gift(number, who, name=text), event(number, who, SocialData("followed"), "follow")]
    return told(*events)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page_and_none_has_control_characters(width) -> None:
    for name, found, make in _all_pages():
        for row in make(found, width, 30):
            [line] = lines([row])
            assert line.isprintable(), (name, line)
            assert not set(line) & set("\u200b\u202e\u200f\u2066"), (name, line)
            is_heading = bool(row.pieces) and row.pieces[0].pen == "title--name-active"
            assert is_heading or cell_len(line) <= width, (name, line)


# Parts


def test_a_column_shows_its_highest_value_and_a_short_step_is_not_blown_up() -> None:
    curve = rates(Plot(START, 60, [0, 10, 1, 3], [60.0, 60.0, 0.0, 2.0]))
    assert curve.values == [0, 10, None, 12]
    text = lines(drawn_curve(Curve(START, 60, [1.0, 8.0, None, None, 0.0, 4.0]), LABEL + 3, 2))
    assert text[0].endswith("│█░ ")
    assert text[1].endswith("│█░█")
    assert text[0].startswith("     8│")


def test_the_axis_says_local_times_and_where_something_was_missed() -> None:
    text = lines(drawn_curve(Curve(START, 60, [1.0] * 20 + [None] + [1.0] * 39), LABEL + 30, 3))
    assert text[-1].split() == ["08:00", "08:30"]
    assert text[-2][LABEL + 10] == "┄"
    assert text[-2].count("┬") == 2


def test_a_gap_within_a_step_is_drawn_too() -> None:
    counts, observed = [6] * 10, [7.0, 60, 60, 50, 60, 60, 60, 60, 60, 12]
    for width in (5, 10, 20):
        axis = lines(drawn_curve(rates(Plot(START, 60, counts, observed)), LABEL + width, 3))[-2][LABEL:]
        assert [at for at, sign in enumerate(axis) if sign == "┄"] == [
            at for at in range(width) if at * 10 // width in ({2, 3} if width == 5 else {3})
        ]
    found = told(*(share(7 * at, at) for at in range(160)), minutes=20)
    assert "┄" not in page(shares_pages.PAGES, found, "overview")


def test_the_map_has_shades_zeros_and_what_was_not_watched() -> None:
    text = lines(heat_map("Shares", {(0, 0): 10.0, (0, 1): 1.0, (6, 23): 0.0}, "UTC", "an hour", 80))
    assert text[2].startswith(" Mon ██ ░░ · ")
    assert text[8].rstrip().endswith("0")
    assert "local time (UTC)" in text[0]
    wide = lines(heat_map("Shares", {(0, 0): 10.0, (0, 1): 1.5}, "UTC", "an hour", 130))
    assert wide[2].startswith(" Mon █10  ░1.5 ·")
    assert len(lines(heat_map("Shares", {}, "UTC", "an hour", 80))) == 2


def test_columns_drop_from_the_right_and_the_name_gives_way_first() -> None:
    columns = (Column("name", right=False, elastic=True), Column("shares"), Column("handle"))
    rows = [Entry((Piece("さくら" * 9), Piece("12"), Piece("@handle")), "key")]
    assert lines(table(columns, rows, 60))[1] == f" {'さくら' * 4}さ …      12  @handle"
    narrow = lines(table(columns, rows, 23))
    assert narrow[0].split() == ["name", "shares"]
    assert all(cell_len(line) <= 23 for line in narrow)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, "not known"),
        (0, "0"),
        (0.001, "0.00"),
        (0.04, "0.04"),
        (0.96, "1.0"),
        (3.41, "3.4"),
        (27.2, "27"),
        (1234, "1.2k"),
        (-2.84, "-2.8"),
    ],
)
def test_numbers_have_two_digits_that_tell_something(number, said) -> None:
    assert decimal(number) == said


@pytest.mark.parametrize(
    ("part", "of", "said"),
    [(0, 0, "not known"), (0, 9, "0%"), (1, 900, "<1%"), (12, 80, "15%"), (899, 900, ">99%"), (3, 3, "100%")],
)
def test_what_is_there_is_never_nothing_and_what_is_missing_never_all(part, of, said) -> None:
    assert percent(Portion.out_of(part, of)) == said


def test_a_clock_that_seems_to_be_off_is_told_where_its_rates_are() -> None:
    # Ten minutes were watched, and half of what came was said by TikTok five minutes before.
    off = told(*(chat(at - 300, at + 2) for at in range(0, 600, 2)), share(1, 1), minutes=10)
    for pages in (shares_pages.PAGES, engagement_pages.PAGES):
        words = " ".join(page(pages, off, "overview", 199).split())
        assert "clock may be about 5 min ahead: 150 of 301 events" in words
    right = told(*(chat(at, at + 2) for at in range(0, 600, 2)), share(1, 1), minutes=10)
    assert "clock may be" not in page(engagement_pages.PAGES, right, "overview", 199)


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
