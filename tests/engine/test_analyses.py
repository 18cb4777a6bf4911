"""Shares and engagement of sessions out of the database are what they were live, and nobody waits for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import structs

from tests.core.played import MINUTE, Play
from tests.core.story import START, batch, chat, person, share, viewers
from tests.engine.analysed import EVENING, Recording, recorded, recording
from tui_live.core.engagement import Engagement
from tui_live.core.shares import Shares
from tui_live.engine import analyses as module
from tui_live.engine import session_count
from tui_live.engine.local_zone import local_zone
from tui_live.errors import MissingError, StoreError
from tui_live.store import analysis_reading, sessions

#: Scenarios that send what others do not; how they are sent makes no difference here.
_TOLD = (
    *("busy", "calm", "multilingual", "spikes", "conversions", "cascades", "truth", "hostile", "methods"),
    *("garbage", "undecodable", "unknown_methods"),
)
_LOST = ((START + 18_000, START + 27_000), (START + 42_000, START + 48_000))


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Recording]:
    async with recording(tmp_path / "x.db") as made:
        yield made


@pytest.mark.parametrize("name", _TOLD)
async def test_it_is_what_it_was_live_with_gaps_and_repeats(evening, name) -> None:
    play = Play(name)
    play.gaps = list(_LOST)
    host = play.people.host.user_id
    batches = list(play.batches(1))
    shares, engagement = Shares(START), Engagement(START, host_id=str(host))
    session = await evening.begin(host_id=host, room_id=batches[0].room_id)
    for at, one in enumerate(batches):
        shares.add(one)
        engagement.add(one)
        evening.put_later(session, one)
        if at == len(batches) // 2:
            await evening.recorder.flush()
            await evening.analyses.analysis(session.id)
    for start_ms, end_ms in play.gaps:
        shares.add_gap(start_ms, end_ms)
        engagement.add_gap(start_ms, end_ms)
        await sessions.add_gap(evening.recorder, session, start_ms, end_ms, "cut")
    await evening.recorder.flush()
    found = await evening.analyses.analysis(session.id)
    assert found.engagement.events > 50
    until, zone = batches[-1].received_ms, local_zone()
    assert found.shares == shares.result(until_ms=until, zone=zone, step_s=5)
    assert found.engagement == engagement.result(until_ms=until, zone=zone, step_s=5)
    assert [(gap.start_ms, gap.end_ms) for gap in found.gaps] == play.gaps
    again = await evening.open().analysis(session.id)
    assert (again.shares, again.engagement) == (found.shares, found.engagement)


@pytest.mark.parametrize(("minutes", "step_s"), [(1, 5), (4, 15), (30, 60)])
async def test_a_session_of_minutes_is_plotted_in_steps_of_seconds(evening, minutes: int, step_s: int) -> None:
    session = await recorded(evening, *Play("truth").batches(0.1), minutes=minutes)
    found = await evening.analyses.analysis(session.id)
    assert (found.shares.over_minutes.step_s, found.engagement.coins_over_time.step_s) == (step_s, step_s)


async def test_a_session_among_many_is_read_by_picking_its_events(evening, monkeypatch) -> None:
    monkeypatch.setattr(analysis_reading, "SLICE", 7)
    monkeypatch.setattr(analysis_reading, "_FEW", 0)
    play = Play("truth")
    mine, other = await evening.begin("ana"), await evening.begin("bob")
    shares, engagement = Shares(START), Engagement(START)
    for at, one in enumerate(play.batches(0.3)):
        whose = mine if at % 9 == 4 else other
        await evening.put(whose, [one])
        if whose is mine:
            shares.add(one)
            engagement.add(one)
    found = await evening.analyses.analysis(mine.id)
    until, zone = mine.last_received_ms, local_zone()
    assert found.shares == shares.result(until_ms=until, zone=zone, step_s=5)
    assert found.engagement == engagement.result(until_ms=until, zone=zone, step_s=5)


async def test_a_sharer_is_known_as_tiktok_told_them_with_the_share(evening) -> None:
    told = person(1, 50_000, True)
    data = structs.replace(EVENING[0].events[2].data, follower=True, follower_count=50_000)
    event = structs.replace(EVENING[0].events[2], data=data)
    session = await recorded(evening, batch([event, *EVENING[1].events], 13))
    shares = (await evening.analyses.analysis(session.id)).shares
    assert told.followers == 50_000
    [influencer] = shares.top_influencers
    assert (influencer.user_id, influencer.followers, influencer.followed_before) == ("1", 50_000, True)
    assert (shares.reach.followers, shares.influencer_shares.part, shares.influencer_shares.of) == (50_000, 1, 1)
    assert (shares.conversion.followed.part, shares.conversion.followed.of) == (1, 1)


@pytest.mark.parametrize("batches", [[], [batch([chat(1, 1)], 2)], [batch([share(1, 1)], 2)]])
async def test_little_or_nothing_is_an_analysis_too(evening, batches) -> None:
    session = await recorded(evening, *batches)
    found = await evening.analyses.analysis(session.id)
    assert found.engagement.events == len(batches)
    assert found.shares.until_ms - found.shares.start_ms == MINUTE


async def test_a_session_that_went_on_in_another_room_adds_up_the_visitors_of_both(evening) -> None:
    session = await evening.begin(room_id="7")
    await evening.put(session, [batch([viewers(1, 4, 90), chat(2, 1)], 3, "7")])
    await sessions.resume(evening.recorder, session, "8")
    await evening.put(session, [batch([viewers(5, 4, 20), chat(6, 1)], 7, "8")])
    assert (await evening.analyses.analysis(session.id)).engagement.people.visitors == 110


async def test_who_came_or_shared_before_is_known_from_the_second_session_on(evening) -> None:
    first = await recorded(evening, *EVENING)
    later = START + 10 * MINUTE
    moved = [structs.replace(event, time_ms=event.time_ms + 10 * MINUTE) for event in EVENING[0].events]
    second = await recorded(evening, batch([*moved, share(605, 9)], 606), begin=later)
    one, two = [await evening.analyses.analysis(session.id) for session in (first, second)]
    assert (one.shares.first_time_sharers, one.engagement.people.new) == (None, None)
    assert (two.shares.first_time_sharers.part, two.shares.first_time_sharers.of) == (1, 2)
    assert (two.engagement.people.new, two.engagement.people.returning.part) == (1, 1)
    await recorded(evening, batch([chat(1, 5)], 2), streamer="bob", begin=later)
    other = await recorded(evening, batch([chat(1, 1), share(2, 5)], 2), streamer="bob", begin=later + 1)
    found = await evening.analyses.analysis(other.id)
    assert (found.engagement.people.new, found.shares.first_time_sharers.part) == (1, 1)


async def test_progress_is_told_and_rises(evening, monkeypatch) -> None:
    monkeypatch.setattr(analysis_reading, "SLICE", 2)
    session = await recorded(evening, *EVENING)
    told: list[float] = []
    await evening.analyses.analysis(session.id, told.append)
    assert told == sorted(told)
    assert (told[0], told[-1], len(told)) == (0.0, 1.0, 6)


async def test_several_who_ask_get_the_same_and_a_cancelled_one_disturbs_no_other(evening, monkeypatch) -> None:
    made: list[object] = []
    begin = session_count.SessionCount._begin
    monkeypatch.setattr(session_count.SessionCount, "_begin", lambda *all: made.append(1) or begin(*all))
    session = await recorded(evening, *EVENING)
    asked = [asyncio.create_task(evening.analyses.analysis(session.id)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    one, two = await asyncio.gather(*asked[1:])
    assert one is two
    assert len(made) == 1
    with pytest.raises(asyncio.CancelledError):
        await asked[0]
    alone = asyncio.create_task(evening.open().analysis(session.id))
    await asyncio.sleep(0)
    alone.cancel()
    again = evening.analyses.analysis(session.id)
    assert (await again).shares == one.shares


async def test_sessions_of_a_streamer_come_together_the_newest_first(evening, monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_SESSIONS", 2)
    found = [await recorded(evening, *EVENING, begin=START + number) for number in range(3)]
    await recorded(evening, begin=START + 5)
    told: list[float] = []
    together = await evening.analyses.across("@Ana", told.append)
    assert [one.session.id for one in together.sessions] == [found[2].id, found[1].id]
    assert (together.streamer, together.older, together.shares.shares) == ("ana", 1, 4)
    assert (told[-1], told) == (1.0, sorted(told))
    with pytest.raises(MissingError, match="No session of @nobody"):
        await evening.analyses.across("nobody")


async def test_what_is_not_there_or_cannot_be_read_is_said(evening, tmp_path) -> None:
    with pytest.raises(MissingError, match="no session nosuch"):
        await evening.analyses.analysis("nosuch")
    none = module.Analyses(tmp_path / "none.db", session_count.ShareRules())
    with pytest.raises(StoreError, match="no database"):
        await none.analysis("nosuch")
    await none.close()
    with pytest.raises(StoreError, match="ending"):
        await none.analysis("nosuch")
    session = await recorded(evening, *EVENING)
    await evening.database.execute("DROP TABLE gaps")
    with pytest.raises(StoreError, match="cannot be used: no such table: gaps"):
        await evening.analyses.analysis(session.id)


async def test_closing_ends_what_is_under_way(evening) -> None:
    session = await recorded(evening, *EVENING)
    analyses = evening.open()
    asked = asyncio.create_task(analyses.analysis(session.id))
    await asyncio.sleep(0)
    await analyses.close()
    with pytest.raises(StoreError, match="ending"):
        await asked
