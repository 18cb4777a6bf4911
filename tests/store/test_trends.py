"""Runs, videos and stories in a real database."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.core.videos import NOW_MS, counts, video
from tests.store.conftest import ANA, batch, chat
from tui_live.core.totals import Totals
from tui_live.core.trends import Kind, Run, Scorer, Trend, Trouble, Video, choose
from tui_live.errors import StoreError
from tui_live.store.recorder import Recorder
from tui_live.store.trends import TrendStore, own_store

BLOCKED = Trouble(Kind.BLOCKED, "nothing came", "try again", 5)
MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS


@pytest.fixture
def store(recorder: Recorder, reader) -> TrendStore:
    return TrendStore(recorder.persist, reader)


async def good(store: TrendStore, *videos: Video, at_ms: int = NOW_MS, trouble: Trouble | None = None) -> Run:
    chosen = choose(videos, at_ms, 100, Scorer(100))
    counted = {"fetched": chosen.seen, "kept": len(chosen.stories), "dropped": chosen.dropped}
    run = Run(started_ms=at_ms - 3_000, seconds=3.0, wanted=50, min_velocity=100, problems=chosen.problems, **counted)
    return await store.add(structs.replace(run, trouble=trouble), chosen)


async def bad(store: TrendStore, at_ms: int = NOW_MS) -> Run:
    return await store.add(Run(started_ms=at_ms, seconds=1, wanted=50, min_velocity=100, trouble=BLOCKED))


def author(trend: Trend) -> str:
    return trend.story.video.author


def rows(path: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(path) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


async def test_a_database_without_runs_has_none(store) -> None:
    latest = await store.latest()
    assert (latest.run, latest.tried, latest.trends) == (None, None, ())


async def test_a_run_and_its_stories_come_back_as_they_were(store) -> None:
    run = await good(store, video(1, desc="한국 🎉"), video(2, minutes=5), video(3, **counts(1)))
    latest = await store.latest()
    assert latest.run == latest.tried == run and run.number == 1
    assert (run.kept, run.dropped) == (2, {"too slow": 1})
    first, second = latest.trends
    story, seen = second.story, second.story.video
    assert (first.story.video.author, first.story.velocity, seen.caption) == ("ana2", 1140, "한국 🎉")
    assert (seen.likes, seen.comments, seen.shares, seen.views) == (5_000, 500, 200, 90_000)
    assert (seen.posted_ms, seen.verified, seen.followers) == (NOW_MS - 10 * MINUTE_MS, False, 1_000)
    assert second.url == seen.url == "https://www.tiktok.com/@ana1/video/7300000000000000001"
    assert story.reason.startswith("570 interactions a minute") and second.history == ((NOW_MS, 570),)
    assert story.credibility == pytest.approx(30) and story.score == pytest.approx(0.5 * story.velocity_part + 9)
    assert run.shown.at_ms == NOW_MS


async def test_the_queries_of_the_old_system_run(store, path) -> None:
    await good(store, video(1), video(2, minutes=5))
    asked = (
        "SELECT platform, COUNT(*), AVG(engagement_velocity) FROM stories WHERE platform = 'TikTok' GROUP BY platform"
    )
    assert rows(path, asked) == [("TikTok", 2, 855.0)]
    asked = (
        "SELECT s.score, s.reason_flagged, s.is_active, p.platform_post_id, p.author, p.content, p.url, p.posted_at,"
        " p.likes, p.comments, p.shares, p.views, p.raw_data FROM stories s JOIN raw_posts p ON p.id = s.raw_post_id"
    )
    [*_, row] = rows(path, asked + " ORDER BY s.score DESC")
    assert row[2:8] == (1, "7300000000000000001", "ana1", "video 1", row[6], "2026-11-21T02:30:00.000Z")
    assert row[8:12] == (5_000, 500, 200, 90_000) and json.loads(row[12])["stats"]["diggCount"] == 5_000
    assert rows(path, "SELECT count(*) FROM raw_posts WHERE julianday(posted_at) > julianday('2026-11-21')") == [(2,)]


async def test_a_run_that_brought_nothing_leaves_the_last_good_result(store) -> None:
    before = await good(store, video(1))
    after = await bad(store)
    latest = await store.latest()
    assert (latest.run, latest.tried) == (before, after)
    assert latest.tried.trouble == BLOCKED and len(latest.trends) == 1


async def test_a_run_that_was_cut_short_adds_to_the_last_result_and_ends_no_story(store, path) -> None:
    await good(store, *map(video, range(1, 6)))
    await good(store, video(5, **counts(20_000)), video(6), video(1, **counts(3)), trouble=BLOCKED)
    latest = await store.latest()
    assert (latest.run.kept, latest.tried.trouble) == (2, BLOCKED)
    assert sorted(map(author, latest.trends)) == ["ana1", "ana2", "ana3", "ana4", "ana5", "ana6"]
    assert next(trend for trend in latest.trends if author(trend) == "ana5").story.video.likes == 20_000
    await good(store, video(6))
    assert list(map(author, (await store.latest()).trends)) == ["ana6"]


async def test_a_run_whose_videos_tell_no_time_leaves_the_last_good_result(store, path) -> None:
    before = await good(store, video(1), video(2))
    after = await good(store, *(video(number, createTime=None) for number in (1, 2, 3)))
    latest = await store.latest()
    assert not after.good and (latest.run, latest.tried) == (before, after)
    assert len(latest.trends) == 2 and rows(path, "SELECT fetched FROM trend_runs") == [(2,), (3,)]


async def test_a_video_of_an_earlier_run_is_one_post_with_a_curve(store, path) -> None:
    await good(store, video(1))
    later = NOW_MS + 10 * MINUTE_MS
    await good(store, video(1, **counts(20_000)), video(2), at_ms=later)
    one, two = sorted((await store.latest()).trends, key=author)
    assert one.history == ((NOW_MS, 570), (later, 1_000)) and one.story.video.likes == 20_000
    assert (one.new, two.new) == (False, True)
    assert rows(path, "SELECT count(*) FROM raw_posts") == [(2,)]


async def test_what_slows_down_is_active_no_more_keeps_its_curve_and_may_come_back(store, path) -> None:
    await good(store, video(1), video(2))
    await good(store, video(1, minutes=100), video(2))
    assert list(map(author, (await store.latest()).trends)) == ["ana2"]
    assert rows(path, "SELECT is_active, engagement_velocity FROM stories ORDER BY id") == [(0, 570.0), (1, 570.0)]
    await bad(store)
    await good(store, video(1), video(2))
    back, stayed = sorted((await store.latest()).trends, key=author)
    assert (back.new, stayed.new) == (True, False)
    assert [round(speed) for _, speed in back.history] == [570, 57, 570]


async def test_a_video_of_many_runs_has_its_last_points_and_their_whole_number(store, recorder) -> None:
    run = await good(store, video(1))

    async def add(database: Any) -> None:
        points = [(1, run.number + at, NOW_MS + at, 1, 1, 1, 1, at) for at in range(1, 250)]
        await database.executemany("INSERT INTO trend_points VALUES (?, ?, ?, ?, ?, ?, ?, ?)", points)

    await recorder.persist(add)
    [trend] = (await store.latest()).trends
    assert trend.runs == 250 and [speed for _, speed in trend.history] == [*map(float, range(50, 250))]


async def test_new_is_what_the_run_before_did_not_keep(store) -> None:
    async def new(*numbers: int, **more: Any) -> list[str]:
        await good(store, *map(video, numbers), **more)
        return sorted(author(trend) for trend in (await store.latest()).trends if trend.new)

    assert await new(1, 2) == []  # there was none before
    assert await new(2, 3) == ["ana3"]
    assert await new(1, 2) == ["ana1"]
    await bad(store)
    assert sorted(author(trend) for trend in (await store.latest()).trends if trend.new) == ["ana1"]
    assert await new(4, trouble=BLOCKED) == ["ana4"]
    assert await new(1, 2) == []  # what the run that was cut short did not bring had not gone
    assert await new(4) == ["ana4"]


async def test_only_kept_videos_are_stored(store, path) -> None:
    await good(store, video(1), video(2, **counts(3)), video(3, createTime=None))
    assert rows(path, "SELECT author FROM raw_posts") == [("ana1",)]
    assert rows(path, "SELECT count(*) FROM trend_points") == [(1,)]


async def test_a_good_run_that_keeps_nothing_ends_all_stories(store) -> None:
    await good(store, video(1))
    await good(store, video(2, **counts(3)))
    latest = await store.latest()
    assert latest.trends == () and latest.run.kept == 0 and latest.run.good


async def test_old_runs_and_videos_go(store, path) -> None:
    await good(store, video(1), at_ms=NOW_MS)
    later = NOW_MS + 1_000 * MINUTE_MS
    await good(store, video(2, now_ms=later), at_ms=later)
    assert await store.remove_old(1 / 1440, later) == 1
    for table in ("raw_posts", "stories", "trend_points", "trend_runs"):
        assert rows(path, f"SELECT count(*) FROM {table}") == [(1,)], table
    assert list(map(author, (await store.latest()).trends)) == ["ana2"]


async def test_a_clock_that_leaps_removes_no_video(store, path, caplog) -> None:
    await good(store, video(1), at_ms=NOW_MS)
    later = NOW_MS + 300 * DAY_MS
    await good(store, video(2, now_ms=later), at_ms=later)
    assert await store.remove_old(400, later) == 0
    assert caplog.text == ""
    assert await store.remove_old(20, later) == 0
    assert "no old video is removed: nothing was recorded between" in caplog.text
    assert rows(path, "SELECT count(*) FROM raw_posts") == [(2,)]
    assert await store.remove_old(20, later + 8 * DAY_MS) == 1  # it has gone on for a week


async def test_old_points_go_by_themselves(store, path) -> None:
    await good(store, video(1))
    later = NOW_MS + 15 * 1440 * MINUTE_MS
    await good(store, video(1, now_ms=later), at_ms=later)
    assert rows(path, "SELECT count(*) FROM trend_points") == [(1,)]


async def test_a_run_is_written_beside_a_recording(store, recorder, running, path) -> None:
    task = await running(recorder)
    recorder.put("s", batch(chat("hi", ANA)), Totals())
    await asyncio.gather(*(good(store, video(number)) for number in range(5)))
    await recorder.close()
    await task
    assert rows(path, "SELECT count(*) FROM trend_runs") == [(5,)]


async def test_a_command_has_a_store_of_its_own_and_makes_the_database(tmp_path) -> None:
    path = tmp_path / "new" / "x.db"
    async with own_store(path) as store:
        await good(store, video(1))
        with pytest.raises(StoreError, match="records into"):
            async with own_store(path):
                pass
    async with own_store(path) as store:
        assert len((await store.latest()).trends) == 1


async def test_a_point_of_a_curve_is_of_the_time_at_which_its_video_was_seen(store) -> None:
    seen_ms = NOW_MS + MINUTE_MS
    await good(store, structs.replace(video(1), seen_ms=seen_ms))
    slow = structs.replace(video(1, **counts(1)), seen_ms=seen_ms + 10 * MINUTE_MS)
    await good(store, slow, at_ms=NOW_MS + 15 * MINUTE_MS)
    await good(store, video(1), at_ms=NOW_MS + 30 * MINUTE_MS)
    [trend] = (await store.latest()).trends
    assert [time_ms for time_ms, _ in trend.history] == [seen_ms, slow.seen_ms, NOW_MS + 30 * MINUTE_MS]
    assert [speed for _, speed in trend.history] == [5_700 / 11, 1 / 21, 5_700 / 40]
