"""The stand-in's own pages, its control switch, and its names."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from tests.simulator.conftest import Receiver
from tui_live.errors import TuiLiveError
from tui_live.simulator import SCENARIOS, Scenario, Simulator, demo_streams, scenario_for


@pytest.fixture
async def http() -> Any:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_index_lists_streams_as_text(simulate: Any, http: aiohttp.ClientSession) -> None:
    name = "<script>alert(1)</script>"
    simulator: Simulator = await simulate({name: Scenario(title="<b>bold</b>")})
    page = await (await http.get(simulator.url)).text()
    assert "<script>" not in page
    assert "&lt;b&gt;bold" in page


async def test_the_truth_is_readable_as_json(simulate: Any, http: aiohttp.ClientSession) -> None:
    simulator: Simulator = await simulate({"ends": replace(SCENARIOS["ends"], rate=3000)})
    room = simulator.room("ends")
    receiver = Receiver("ends")
    await receiver.follow(room.finished)
    data = await (await http.get(f"{simulator.url}/truth/ends?ids=1")).json()
    assert data["messages"] == len(receiver.messages)
    assert data["finished"]
    assert set(data["message_ids"]) == {str(msg_id) for msg_id in receiver.messages}
    everything = await (await http.get(f"{simulator.url}/truth")).json()
    assert everything["rooms"]["ends"]["coins"] == data["coins"]
    assert (await http.get(f"{simulator.url}/truth/nobody")).status == 404


async def test_faults_are_switched_on_by_post_from_this_machine_only(
    simulate: Any, http: aiohttp.ClientSession
) -> None:
    simulator: Simulator = await simulate({"a": Scenario(title="a")})
    url = f"{simulator.url}/control/a"
    assert (await http.post(url, json={"fault": "offline"})).status == 200
    assert simulator.room("a").state == "offline"
    assert (await http.post(url, json={"fault": "heal"})).status == 200
    assert simulator.room("a").state == "live"
    assert (await http.post(url, data=b'{"fault": "offline"}')).status == 415
    assert (await http.post(url, json={"fault": "offline"}, headers={"Host": "evil.example"})).status == 403
    assert (await http.post(url, json={"fault": "offline"}, headers={"Origin": "https://evil.example"})).status == 403
    assert (await http.post(url, json={"fault": "earthquake"})).status == 400
    assert (await http.post(url, json={"fault": "silence", "secs": 1})).status == 400
    assert (await http.post(url, json={"fault": "method", "method": "WebcastNoneMessage"})).status == 400
    assert simulator.room("a").state == "live"


async def test_pictures_are_served_without_the_internet(simulate: Any, http: aiohttp.ClientSession) -> None:
    simulator: Simulator = await simulate({"a": Scenario(title="a")})
    answer = await http.get(simulator.room("a").people.host.avatar_url)
    assert answer.content_type == "image/svg+xml"
    assert "x-signature" in simulator.room("a").people.host.avatar_url
    assert (await http.get(f"{simulator.url}/gift/5655.svg")).status == 200
    assert (await http.get(f"{simulator.url}/gift/1.svg")).status == 404


async def test_a_port_in_use_is_said_with_a_remedy(simulate: Any) -> None:
    simulator: Simulator = await simulate()
    other = Simulator()
    with pytest.raises(TuiLiveError, match="in use — choose another"):
        await other.start(port=int(simulator.url.rpartition(":")[2]))
    await other.close()


async def test_without_a_default_other_names_are_unknown(simulate: Any) -> None:
    simulator: Simulator = await simulate(default=None)
    assert type(await Receiver("nobody").once()).__name__ == "UserNotFoundError"
    with pytest.raises(LookupError):
        simulator.room("nobody")


@pytest.mark.parametrize(
    ("user", "scenario"),
    [
        ("cuts", "cuts"),
        ("cuts-3", "cuts"),
        ("Cuts.evening", "cuts"),
        ("cuts12", "cuts"),
        ("rate_limited_bare_2", "rate_limited_bare"),
        ("rate_limited_2", "rate_limited"),
        ("offline-1", "offline"),
        ("cutsie", None),
        ("mia.cooks", None),
    ],
)
def test_a_name_asks_for_its_scenario(user: str, scenario: str | None) -> None:
    assert scenario_for(user) is (None if scenario is None else SCENARIOS[scenario])


def test_the_demo_streams_have_names_of_their_own_and_go_on_without_clients() -> None:
    streams = demo_streams()
    assert len({name for name, _ in streams}) == len(streams) >= 5
    assert all(not scenario.pause_when_alone and not scenario.ends for _, scenario in streams)


async def test_simulate_says_where_it_is_and_ends_when_told() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from tui_live.simulator.stand import run_simulator; run_simulator(0)"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    first = await asyncio.wait_for(process.stdout.readline(), 20)
    url = first.decode().split()[-1]
    async with aiohttp.ClientSession() as session:
        assert (await session.get(url)).status == 200
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0
