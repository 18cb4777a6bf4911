"""What is done through the API is done at once: questions, streams, settings; and its readings are Prometheus's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.conftest import query
from tests.web.server.conftest import TOKEN, Serve, Served
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS, Simulator


@pytest.fixture
async def simulator():
    simulator = Simulator({"ana": SCENARIOS["lively"]}, default=SCENARIOS["offline"], seed=4)
    await simulator.start()
    yield simulator
    await simulator.close()


async def until_live(served: Served, name: str) -> str:
    """Wait until the stream is live and has scores; its session's key."""
    async with asyncio.timeout(60):
        while True:
            [view] = [view for view in served.engine.streams() if view.name == name]
            if view.standing.state is State.LIVE and served.engine.scores.standings(name, 0, 1).people > 3:
                return view.session_id
            await asyncio.sleep(0.02)


async def test_a_question_is_on_the_overlay_at_once(serve: Serve, simulator: Simulator) -> None:
    served = await serve(simulator, "ana")
    key = await until_live(served, "ana")
    async with served.client.ws_connect(f"{served.url}/ws?page=question&stream=ana") as page:
        assert (await page.receive_json())["t"] == "hello"
        assert await page.receive_json() == {"t": "question", "question": None}
        asked = {
            "stream": "@Ana",
            "message_id": "7100000000000000001",
            "user_id": "77",
            "text": "Why\u001b[31m?\u202e",
            "nickname": "N",
        }
        status, answer = await served.ask("/api/question", "POST", token=TOKEN, json=asked)
        assert (status, answer) == (200, {"said": "on screen now"})
        shown = (await page.receive_json(timeout=2))["question"]
        assert (shown["id"], shown["name"], shown["text"]) == ("7100000000000000001", "N", "Why [31m?")
        async with asyncio.timeout(20):
            while not (events := (await served.ask(f"/api/sessions/{key}/events?type=chat&limit=1"))[1]["events"]):
                await asyncio.sleep(0.05)
        # The API tells the ids of events as numbers; those that hold them as texts may.
        wanted = {"stream": "ana", "event_id": events[0]["id"]}
        status, answer = await served.ask("/api/question", "POST", token=TOKEN, json=wanted)
        assert (status, answer) == (200, {"said": "number 1 in the queue"})
        wanted = {"stream": "ana", "event_id": str(events[0]["id"])}
        assert (await served.ask("/api/question", "POST", token=TOKEN, json=wanted))[0] == 409
        _, answer = await served.ask("/api/question?stream=@ANA")
        assert answer["question"]["message_id"] == "7100000000000000001"
        assert [(each["stream"], each["text"]) for each in answer["waiting"]] == [("ana", events[0]["message"])]
        assert (await served.ask("/api/question", "POST", token=TOKEN, json=asked))[0] == 409
        assert (await served.ask("/api/question?stream=ana", "DELETE", token=TOKEN))[0] == 200
        assert (await page.receive_json(timeout=2))["question"] is None
        for path in ("/api/question", "/api/question?stream=ana"):
            status, answer = await served.ask(path, "DELETE", token=TOKEN)
            assert (status, answer) == (200, {"said": "no question was on the screen"}), "what is done stays done"
        for method in ("GET", "DELETE"):
            assert (await served.ask("/api/question?stream=zoe", method, token=TOKEN))[0] == 404, method
        for body, expected in (
            *(({"stream": "ana", "event_id": "999999"}, 404), ({"stream": "bob", "event_id": "1"}, 404)),
            *(({"stream": "ana"}, 422), ({**asked, "message_id": "9" * 19}, 422), ({**asked, "text": "\u202e"}, 422)),
            *(({"stream": "ana", "event_id": "9" * 19}, 422), ({"stream": "ana", "event_id": "1\n"}, 422)),
            *(({"stream": "ana", "event_id": 2**63}, 422), ({"stream": "ana", "event_id": 0}, 422)),
            *(({**asked, "message_id": "1\n"}, 422), ({**asked, "user_id": "1\n"}, 422)),
            ({**asked, "stream": "zoe"}, 404),
        ):
            status, _ = await served.ask("/api/question", "POST", token=TOKEN, json=body)
            assert status == expected, body


async def test_streams_are_added_stopped_and_removed(serve: Serve, simulator: Simulator) -> None:
    served = await serve(simulator)

    async def act(action: str, stream: str) -> tuple[int, Any]:
        return await served.ask("/api/stream_action", "POST", token=TOKEN, json={"stream": stream, "action": action})

    status, answer = await act("add", "https://www.tiktok.com/@Ana/live")
    assert (status, answer["stream"]["name"]) == (200, "ana")
    assert (await act("add", "@ANA"))[0] == 409
    assert (await act("add", "no such name!"))[0] == 422
    assert (await act("add", "https://evil.example/@x"))[0] == 422
    first = await until_live(served, "ana")
    assert (await act("new_session", "ana"))[0] == 200
    async with asyncio.timeout(30):
        while (await served.ask("/api/streams"))[1]["streams"][0]["session_id"] in (first, None):
            await asyncio.sleep(0.02)
    status, answer = await act("stop", "@Ana")
    assert (status, answer["stream"]["state"]) == (200, "stopped")
    assert (await act("start", "ana"))[0] == 200
    status, answer = await act("remove", "ana")
    assert (status, answer) == (200, {"stream": None})
    for action in ("start", "stop", "remove", "new_session"):
        assert (await act(action, "zoe"))[0] == 404, action
    assert (await served.ask("/api/streams"))[1] == {"streams": [], "next": None}


async def test_settings_are_saved_and_the_log_view_is_emptied(serve: Serve, simulator: Simulator) -> None:
    served = await serve(simulator, "ana")
    await until_live(served, "ana")
    status, answer = await served.ask("/api/save_config", "POST", token=TOKEN)
    text = (served.path.parent / "config.yaml").read_text()
    assert status == 200 and answer["saved"].endswith("config.yaml")
    assert text.startswith("# tonight\n") and "ana" in text
    await served.engine._recorder.flush()
    before = len(query(served.path, "SELECT id FROM events"))
    assert (await served.ask("/api/clear_logs", "POST", token=TOKEN))[0] == 200
    assert served.engine.log.first_seq == served.engine.log.next_seq
    assert len(query(served.path, "SELECT id FROM events")) >= before > 0


async def test_metrics_are_prometheus(serve: Serve, simulator: Simulator) -> None:
    served = await serve(simulator, "ana")
    await until_live(served, "ana")
    async with served.client.get(f"{served.url}/metrics") as answer:
        assert answer.content_type == "text/plain"
        families = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    states = {sample.labels["state"]: sample.value for sample in families["tui_live_stream_state"].samples}
    assert states["live"] == 1 and sum(states.values()) == 1
    assert families["tui_live_session_events"].samples[0].value > 0
    assert families["tui_live_events_dropped"].samples[0].value == 0
