"""Shares and engagement over the API are what the core computes of what the database has."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from tests.e2e.conftest import query
from tests.web.server.conftest import Serve, Served
from tui_live.core.times import milliseconds
from tui_live.web import figures
from tui_live.web.api import document


async def test_shares_are_those_of_the_database_with_their_samples(served: Served) -> None:
    key = await served.session("ana")
    status, answer = await served.ask(f"/api/sessions/{key}/shares")
    assert status == 200
    shares = answer["shares"]
    of = "FROM events WHERE session_id = ? AND event_subtype = 'share'"
    [(count, people)] = query(served.path, f"SELECT count(*), count(DISTINCT user_id) {of}", key)
    assert (shares["shares"], shares["sharers"]) == (count, people) and count > 0
    [(first, most)] = query(
        served.path, f"SELECT user_id, count(*) AS n {of} GROUP BY user_id ORDER BY n DESC, min(id) LIMIT 1", key
    )
    best = shares["top_sharers"][0]
    assert (best["user_id"], best["shares"]) == (first, most)
    assert shares["repeat_sharers"]["of"] == people and "share" in shares["repeat_sharers"]
    [(began,)] = query(served.path, "SELECT session_start FROM sessions WHERE id = ?", key)
    assert milliseconds(shares["start_at"]) == milliseconds(began)


async def test_engagement_has_the_sessions_totals(served: Served) -> None:
    key = await served.session("ana")
    _, answer = await served.ask(f"/api/sessions/{key}/engagement")
    found = answer["engagement"]
    columns = "total_events, total_gifts, total_coins, total_likes, peak_viewers"
    [totals] = query(served.path, f"SELECT {columns} FROM sessions WHERE id = ?", key)
    told = found["events"], found["gifts"], found["coins"], found["likes"], found["viewers"]["peak"]
    assert told == totals


async def test_a_streamers_sessions_are_told_together_by_any_writing_of_the_name(served: Served) -> None:
    key = await served.session("ana")
    for name in ("ana", "@ANA"):
        for what in ("shares", "engagement"):
            status, answer = await served.ask(f"/api/streamers/{name}/{what}")
            assert status == 200 and answer[what]["session_ids"] == [key]
            assert answer[what]["streamer_username"] == "ana" and len(answer[what]["lines"]) == 1


@pytest.mark.parametrize(
    "path", ["sessions/nothing0/shares", "sessions/nothing0/engagement", "streamers/nobody/shares"]
)
async def test_what_there_is_not_is_said(served: Served, path: str) -> None:
    status, answer = await served.ask(f"/api/{path}")
    assert status == 404 and answer["error"]["message"]


async def test_only_other_sessions_that_are_to_be_counted_are_sent_away_while_many_are(serve: Serve) -> None:
    served = await serve()
    key = await served.session("ana")
    gate, waiting = asyncio.Event(), asyncio.Semaphore(0)
    analyses = served.engine.analyses
    found, at_hand = await analyses.analysis(key), analyses.at_hand

    async def known(key: str) -> Any:
        return None if key.startswith("long") else await at_hand(key)

    async def slow(key: str) -> Any:
        waiting.release()
        await gate.wait()
        return found

    analyses.at_hand = known  # type: ignore[method-assign]
    analyses.analysis = slow  # type: ignore[method-assign, assignment]
    wanted = [*(f"long{number}" for number in range(8)), *["long3"] * 5]
    asking = [asyncio.create_task(served.ask(f"/api/sessions/{each}/shares")) for each in wanted]
    for _ in asking:
        await waiting.acquire()
    for path in ("sessions/long9/engagement", "streamers/ana/shares"):
        status, answer = await served.ask(f"/api/{path}")
        assert (status, answer["error"]["code"]) == (503, "busy")
    ready = await asyncio.gather(*(served.ask(f"/api/sessions/{key}/engagement") for _ in range(20)))
    assert {status for status, _ in ready} == {200}
    gate.set()
    assert {status for status, _ in await asyncio.gather(*asking)} == {200}
    assert (await served.ask("/api/sessions/long9/engagement"))[0] == 200


def test_the_document_explains_figures_in_the_names_that_are_sent() -> None:
    schemas = figures.schemas()
    assert schemas.keys() <= document()["components"]["schemas"].keys() | {
        "SharesOverSessions",
        "EngagementOverSessions",
    }
    assert "estimate" in schemas["Reach"]["description"].lower()
    text = msgspec.json.encode(schemas).decode()
    assert "_ms" not in text and "observed_s`" not in text and "display_name" not in text and "``" not in text
