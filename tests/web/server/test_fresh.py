"""What TikTok repeats on a connect never pops up, whatever anybody's clock says."""

from __future__ import annotations

import asyncio

import msgspec

from tests.web.server.conftest import Serve
from tui_live.core.log import FRESH, MSG_ID, NOTE, TYPE
from tui_live.simulator import SCENARIOS, Simulator, faults
from tui_live.simulator.scenario import At


async def test_what_a_connect_brings_is_not_fresh_and_everything_else_is(serve: Serve) -> None:
    scenario = msgspec.structs.replace(
        SCENARIOS["truth"],
        messages=900,
        rate=600,
        unseen_history=5,
        timeline=(At(fault=faults.Cut(), messages=300), At(fault=faults.Cut(), messages=600)),
        ends=True,
    )
    simulator = Simulator({"zoe": scenario}, seed=4)
    await simulator.start()
    served = await serve(simulator, "zoe", tiktok__resume_within_seconds=600)
    async with asyncio.timeout(60):
        while not served.engine.settled():
            served.engine.changed.clear()
            await served.engine.changed.wait()
    log = served.engine.log
    rows = [row for seq in range(log.next_seq) if (row := log.row(seq)) is not None]
    events = await served.pages_of(f"/api/sessions/{await served.session('zoe')}/events", "events", limit="1000")
    assert len(events) == len([row for row in rows if row[TYPE] != NOTE]) > 800
    repeated = sum(event["history"] for event in events)
    assert repeated == len([row for row in rows if row[MSG_ID] and not row[FRESH]]) >= 10
    await simulator.close()
