"""Trending videos over the API are those of the last good run in the database, and how the runs are going."""

from __future__ import annotations

import pytest

from tests.core.videos import NOW_MS, counts, video
from tests.web.server.conftest import TOKEN, Served
from tui_live.core.times import iso
from tui_live.core.trends import Kind, Run, Scorer, Trouble, Video, choose
from tui_live.core.trends.orders import ORDERS
from tui_live.errors import StoreError
from tui_live.store.trends import TrendStore

BLOCKED = Trouble(Kind.BLOCKED, "TikTok answers with nothing", "try again later")


def store_of(served: Served) -> TrendStore:
    return TrendStore(served.engine._recorder.persist, served.engine._reader)


async def run(served: Served, *videos: Video, at_ms: int = NOW_MS) -> None:
    """A good run, as the engine writes it."""
    chosen = choose(videos, at_ms, 100, Scorer(100, ["cat"]))
    told = {"fetched": chosen.seen, "kept": len(chosen.stories), "dropped": chosen.dropped}
    made = Run(started_ms=at_ms - 3_000, seconds=3.0, wanted=50, min_velocity=100, problems=chosen.problems, **told)
    await store_of(served).add(made, chosen)


async def test_before_the_first_run_there_are_none(served: Served) -> None:
    assert await served.ask("/api/trends") == (
        200,
        {
            **{"trends": [], "next": None, "found": 0, "run": None, "trouble": None},
            **{"running": False, "watching": False, "next_run": None},
        },
    )


async def test_a_video_is_told_whole_with_its_history_and_the_run(served: Served) -> None:
    await run(served, video(2), at_ms=NOW_MS - 900_000)
    await run(served, video(1, desc="my <b>cat</b>", **counts(10_000)), video(2), video(3, **counts(1)))
    status, answer = await served.ask("/api/trends")
    assert (status, answer["next"], answer["found"]) == (200, None, 2)
    assert answer["run"] == {
        **{"ended_at": iso(NOW_MS), "fetched": 3, "kept": 2, "duplicates": 0},
        **{"dropped": {"too slow": 1}, "problems": {"views missing": 2}},
    }
    first, second = answer["trends"]
    assert first["content"] == "my <b>cat</b>" and first["is_new"] and len(first["history"]) == 1
    assert first["url"] == f"https://www.tiktok.com/@{first['author']}/video/{first['platform_post_id']}"
    assert first["engagement_velocity"] > second["engagement_velocity"] == second["history"][-1]["engagement_velocity"]
    assert [point["time"] for point in second["history"]] == [iso(NOW_MS - 900_000), iso(NOW_MS)]
    assert not second["is_new"] and (first["relevance"], second["relevance"]) == (50, 0)


async def test_they_are_chosen_by_speed_sorted_and_limited(served: Served) -> None:
    await run(
        served,
        video(1, minutes=5, **counts(3000)),
        video(2, minutes=9, **counts(9000)),
        video(3, minutes=2, **counts(2500)),
    )
    _, answer = await served.ask("/api/trends")
    speeds = [one["engagement_velocity"] for one in answer["trends"]]
    assert speeds == sorted(speeds, reverse=True)
    for order in ORDERS:
        _, answer = await served.ask("/api/trends", params={"sort": order})
        field = {"velocity": "engagement_velocity", "newest": "posted_at"}.get(order, order)
        values = [one[field] for one in answer["trends"]]
        assert values == sorted(values, reverse=True) and len(values) == 3, order
    _, answer = await served.ask("/api/trends", params={"min_velocity": f"{speeds[1]:.1f}", "limit": "1"})
    assert (len(answer["trends"]), answer["found"]) == (1, 2)
    _, answer = await served.ask("/api/trends", params={"min_velocity": "1e9"})
    assert (answer["trends"], answer["found"]) == ([], 0)


async def test_trouble_stands_beside_the_last_good_result(served: Served) -> None:
    await run(served, video(1))
    made = Run(started_ms=NOW_MS + 60_000, seconds=1.0, wanted=50, min_velocity=100, trouble=BLOCKED)
    await store_of(served).add(made)
    _, answer = await served.ask("/api/trends")
    assert len(answer["trends"]) == 1 and answer["run"]["ended_at"] == iso(NOW_MS)
    assert answer["trouble"] == {
        **{"kind": "blocked", "reason": "TikTok answers with nothing", "remedy": "try again later"}
    }


async def test_a_database_that_cannot_be_read_is_said(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def locked() -> None:
        raise StoreError("The database is locked", "close the other program")

    monkeypatch.setattr(served.engine.trends, "latest", locked)
    status, answer = await served.ask("/api/trends")
    assert status == 503 and "locked" in answer["error"]["message"]


async def test_what_is_no_parameter_is_said_and_nothing_can_be_fetched(served: Served) -> None:
    for query in (
        *("limit=0", "limit=1001", "limit=x", "min_velocity=-1", "min_velocity=nan", "min_velocity=inf"),
        *("min_velocity=1e10", "min_velocity=1_0", "min_velocity=0x1", "min_velocity=%D9%A1", "sort=fame", "q=x"),
    ):
        status, answer = await served.ask(f"/api/trends?{query}")
        assert (status, answer["error"]["code"]) == (400, "bad_parameter"), query
    assert (await served.ask("/api/trends", "POST", token=TOKEN))[0] == 405
    assert not served.engine.trends.now().running
