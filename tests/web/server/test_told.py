"""What a page asks for, and what it is told when there is nothing to tell yet."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.core.scores import gift, person
from tests.web.server.conftest import Served
from tests.web.server.studio import Empty, Studio
from tests.web.server.test_hub import Viewer
from tests.web.server.test_hub_goals import goal
from tui_live.core.events import GoalData
from tui_live.core.status import State
from tui_live.web import watched


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"top": "2"}, 2),
        ({"count": "2"}, 2),
        ({"top": "3", "count": "2"}, 3),
        ({"top": "x", "count": "2"}, 2),
        ({"count": "0"}, 5),
        ({}, 5),
    ],
)
async def test_count_is_another_name_for_top(studio: Studio, query: dict[str, str], places: int) -> None:
    studio.tell("ana", *(gift(person(number), 5 + number, 1) for number in range(9)))
    page = await studio.page("overlay", **query)
    await page.receive()
    assert len((await page.receive_json(timeout=2))["cards"]) == places


PAGES = ("overlay", "question", "goal")


async def test_nothing_is_told_of_a_stream_until_something_is_known(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that outlived a restart keeps what it shows: an empty board would be wrong."""
    monkeypatch.setattr(watched, "_LOOK_SECONDS", 0)
    key = studio.sessions["ana"]
    studio.sessions["ana"], studio.states["ana"] = "", State.CHECKING
    viewers = [Viewer(await studio.page(page, stream="ana")) for page in PAGES]
    tasks = [asyncio.ensure_future(viewer.look()) for viewer in viewers]
    await studio.ticks(5)
    assert [[message["t"] for message in viewer.messages] for viewer in viewers] == [["hello"]] * 3
    studio.sessions["ana"], studio.states["ana"] = key, State.LIVE
    studio.tell("ana", gift(person(1), 5, 1), goal("Guitar", 1, 2))
    await studio.ticks(5)
    assert [[message["t"] for message in viewer.messages] for viewer in viewers] == [
        ["hello", "board"],
        ["hello", "question"],
        ["hello", "goals"],
    ]
    assert viewers[0].board["people"] == 1 and viewers[2].messages[-1]["goals"]
    await studio.hang_up(tasks)


async def test_a_stream_that_is_offline_and_has_nothing_is_told_so(studio: Studio) -> None:
    studio.sessions["ana"], studio.states["ana"] = "", State.OFFLINE
    page = await studio.page("overlay", stream="ana")
    await page.receive()
    assert (await page.receive_json(timeout=2))["people"] == 0


async def test_all_streams_together_wait_for_those_on_their_way(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "_LOOK_SECONDS", 0)
    studio.tell("ana", gift(person(1), 5, 1))
    studio.sessions["bob"], studio.states["bob"] = "", State.CONNECTING
    viewer = Viewer(await studio.page("overlay"))
    task = asyncio.ensure_future(viewer.look())
    await studio.ticks(3)
    assert viewer.board == {}, "half a ranking is another one"
    monkeypatch.setattr(watched, "_START_SECONDS", 0)
    await studio.ticks(3)
    assert viewer.board["people"] == 1, "but not for ever"
    await studio.hang_up([task])


async def test_goals_of_before_the_start_are_read_before_any_are_told(studio: Studio) -> None:
    read = asyncio.Event()

    class Slow(Empty):
        async def goals(self, key: str) -> list[GoalData]:
            await read.wait()
            return [GoalData("gift", 1, 2, 50.0, "Guitar", "7")]

    studio.archive = Slow()
    studio.sessions["ana"] = "one that went on"
    viewer = Viewer(await studio.page("goal", stream="ana"))
    task = asyncio.ensure_future(viewer.look())
    await studio.ticks(3)
    assert [message["t"] for message in viewer.messages] == ["hello"]
    read.set()
    await studio.until(lambda: len(viewer.messages) == 2)
    assert [each["name"] for each in viewer.messages[-1]["goals"]] == ["Guitar"]
    await studio.hang_up([task])


async def test_a_page_of_a_stream_that_nobody_watches_is_told_nothing_and_marked(served: Served) -> None:
    async with served.client.ws_connect(f"{served.url}/ws?page=overlay&stream=typo") as page:
        assert (await page.receive_json())["t"] == "hello"
        with pytest.raises(TimeoutError):
            await page.receive_json(timeout=0.3)
        _, status = await served.ask("/api/status")
        found: dict[str, Any] = status["pages"][0]
        assert (found["stream"], found["watched"]) == ("typo", False)
