"""Server-sent events: every event exactly once and in order, however often the line breaks."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import aiohttp
import msgspec
import pytest

from tests.e2e.conftest import query
from tests.web.server.conftest import Serve, Served
from tui_live.simulator import SCENARIOS, Simulator
from tui_live.web import followers, past


class Listener:
    """An event source: what it was sent, and where it stands."""

    def __init__(self, served: Served, path: str) -> None:
        self.served = served
        self.path = path
        self.events: list[dict[str, Any]] = []
        self.ids: list[int] = []
        self.comments = 0
        self.stands = 0

    async def listen(self, most: int = 10**9) -> None:
        """Connect, and take events until so many came or the line ends."""
        headers = {"Last-Event-ID": str(self.ids[-1])} if self.ids else {}
        taken = 0
        async with self.served.client.get(self.served.url + self.path, headers=headers) as answer:
            assert answer.status == 200 and answer.content_type == "text/event-stream"
            fields: dict[str, str] = {}
            async for raw in answer.content:
                line = raw.decode().rstrip("\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif list(fields) == ["id"] or list(fields) == ["retry", "id"]:
                    self.stands = int(fields["id"])  # no message: where to go on
                    fields = {}
                elif "data" in fields:
                    event = json.loads(fields["data"])
                    assert (str(event["id"]), event["event_type"]) == (fields["id"], fields["event"])
                    self.ids.append(event["id"])
                    self.events.append(event)
                    fields = {}
                    taken += 1
                    if taken == most:
                        return


@pytest.fixture
async def busy():
    """A stream of 4,000 messages, and a shaky one beside it."""
    scenario = msgspec.structs.replace(SCENARIOS["flood"], messages=4000, rate=1500, ends=True)
    simulator = Simulator({"ana": scenario, "bob": SCENARIOS["rough_cuts"]}, seed=4)
    await simulator.start()
    yield simulator
    await simulator.close()


async def session_of(served: Served, name: str) -> str:
    async with asyncio.timeout(30):
        while not (key := next(view.session_id for view in served.engine.streams() if view.name == name)):
            await asyncio.sleep(0.01)
        while not await served.engine.archive.last_event(key):
            await asyncio.sleep(0.01)
    return key


async def until_settled(served: Served) -> None:
    async with asyncio.timeout(60):
        while not served.engine.settled():
            served.engine.changed.clear()
            await served.engine.changed.wait()
    await served.engine._recorder.flush()


async def test_every_event_comes_once_and_in_order_across_reconnects(serve: Serve, busy: Simulator) -> None:
    served = await serve(busy, "ana", "bob")
    key = await session_of(served, "ana")
    luck = random.Random(7)
    whole, broken = (
        Listener(served, f"/api/sessions/{key}/stream?after=0"),
        Listener(served, f"/api/sessions/{key}/stream?after=0"),
    )
    gifts = Listener(served, f"/api/sessions/{key}/stream?type=gift,like&after=0")

    async def reconnecting() -> None:
        while True:
            await broken.listen(luck.randrange(1, 300))

    tasks = [asyncio.ensure_future(work) for work in (whole.listen(), reconnecting(), gifts.listen())]
    await until_settled(served)
    expected = query(served.path, "SELECT id, event_type FROM events WHERE session_id = ? ORDER BY id", key)
    assert len(expected) > 4000
    wanted = [row[0] for row in expected if row[1] in ("gift", "like")]
    async with asyncio.timeout(20):
        while len(whole.ids) < len(expected) or len(broken.ids) < len(expected) or len(gifts.ids) < len(wanted):
            await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert whole.ids == broken.ids == [row[0] for row in expected]
    assert gifts.ids == wanted
    told = await served.pages_of(f"/api/sessions/{key}/events", "events", limit=1000)
    assert whole.events == told[::-1]


async def test_without_an_id_it_begins_now(served: Served) -> None:
    key = await served.session("ana")
    listener = Listener(served, f"/api/sessions/{key}/stream")
    listening = asyncio.ensure_future(listener.listen())
    async with asyncio.timeout(5):
        while not served.server._connections.open:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    listening.cancel()
    assert listener.ids == []
    for bad in ("x", "-1", "1.5", "9" * 40, "٣"):
        status, _ = await served.ask(f"/api/sessions/{key}/stream", params={"after": bad})
        assert status == 400, bad
    assert (await served.ask(f"/api/sessions/{key}/stream?type=none"))[0] == 400


async def test_what_is_written_while_somebody_is_looked_after_is_not_late(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last event of a burst is written between the look and the wait: it must not wait for the next one."""
    key = await served.session("ana")
    archive, recorder = served.engine.archive, served.engine._recorder
    ids = [row[0] for row in query(served.path, "SELECT id FROM events WHERE session_id = ? ORDER BY id", key)]
    look = archive.events_after
    looks = 0

    async def look_and_write(*arguments: Any) -> Any:
        nonlocal looks
        looks += 1
        if looks == 1:
            await asyncio.sleep(0.01)
            recorder._wrote.set()
            recorder._wrote = asyncio.Event()
            return []
        return await look(*arguments)

    monkeypatch.setattr(archive, "events_after", look_and_write)
    listener = Listener(served, f"/api/sessions/{key}/stream?after={ids[-3]}")
    async with asyncio.timeout(5):
        await listener.listen(2)
    assert listener.ids == ids[-2:]


async def test_whoever_comes_back_before_the_first_event_misses_none(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "QUIET_SECONDS", 0.05)
    key = await served.session("ana")
    ids = [row[0] for row in query(served.path, "SELECT id FROM events WHERE session_id = ? ORDER BY id", key)]
    for quiet in (0, 2):
        listener = Listener(served, f"/api/sessions/{key}/stream")
        listening = asyncio.ensure_future(listener.listen())
        async with asyncio.timeout(5):
            while not listener.stands or listener.comments < quiet:
                await asyncio.sleep(0.01)
        listening.cancel()
        assert listener.stands == ids[-1] and listener.ids == []


async def test_those_who_follow_the_same_ask_the_database_once(
    serve: Serve, busy: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = await serve(busy, "ana")
    key = await session_of(served, "ana")
    look, looks = served.engine.archive.events_after, 0

    async def count(*arguments: Any) -> Any:
        nonlocal looks
        looks += 1
        return await look(*arguments)

    monkeypatch.setattr(served.engine.archive, "events_after", count)
    listeners = [Listener(served, f"/api/sessions/{key}/stream?after=0") for _ in range(30)]
    tasks = [asyncio.ensure_future(listener.listen()) for listener in listeners]
    await until_settled(served)
    expected = [row[0] for row in query(served.path, "SELECT id FROM events WHERE session_id = ? ORDER BY id", key)]
    async with asyncio.timeout(20):
        while any(len(listener.ids) < len(expected) for listener in listeners):
            await asyncio.sleep(0.02)
    assert all(listener.ids == expected for listener in listeners)
    before = looks
    for _ in range(10):
        wrote, served.engine._recorder._wrote = served.engine._recorder._wrote, asyncio.Event()
        wrote.set()
        await asyncio.sleep(0.05)
    assert looks - before <= 20, "thirty follow, and one asks"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        while any(each.get_name().startswith("followers of") for each in asyncio.all_tasks()):
            await asyncio.sleep(0.02)


async def test_whoever_reads_slowly_misses_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too much waits for them: they read alone again, from where they are."""
    monkeypatch.setattr(followers, "_BATCH", 3)
    key = await served.session("ana")
    ids = [row[0] for row in query(served.path, "SELECT id FROM events WHERE session_id = ? ORDER BY id", key)]
    known = ids[0]
    look = served.engine.archive.events_after

    async def as_written(_key: str, _types: Any, after: int, limit: int) -> Any:
        return [line for line in await look(_key, _types, after, limit) if line.id <= known]

    async def written(_seconds: float) -> bool:
        await asyncio.sleep(0.001)
        return True

    monkeypatch.setattr(served.engine.archive, "events_after", as_written)
    monkeypatch.setattr(served.engine.archive, "written", written)
    follow = followers.Followers(served.engine.archive).follow(key, (), ids[0])
    assert await anext(follow) == f"retry: 500\nid: {ids[0]}\n\n".encode()
    waiting = asyncio.ensure_future(anext(follow))
    await asyncio.sleep(0.05)
    found = b""
    known = ids[1]
    found += await waiting
    known = ids[-1]
    await asyncio.sleep(0.3)  # much more is written than waits for anybody
    async with asyncio.timeout(20):
        while f"id: {ids[-1]}\nevent".encode() not in found:
            found += await anext(follow)
    await follow.aclose()
    told = [int(line[4:]) for line in found.decode().splitlines() if line.startswith("id: ")]
    assert told == ids[1:]


async def test_only_so_many_follow_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "MOST_FOLLOWERS", 3)
    path = f"{served.url}/api/sessions/{await served.session('ana')}/stream"
    answers = [await served.client.get(path) for _ in range(3)]
    assert (await served.ask(path))[0] == 503
    answers[0].close()
    async with asyncio.timeout(5):
        while (answer := await served.client.get(path)).status != 200:
            await asyncio.sleep(0.02)
    for each in (*answers, answer):
        each.close()


async def test_a_quiet_stream_says_so_now_and_then(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "QUIET_SECONDS", 0.05)
    key = await served.session("ana")
    listener = Listener(served, f"/api/sessions/{key}/stream")
    listening = asyncio.ensure_future(listener.listen())
    async with asyncio.timeout(5):
        while listener.comments < 3:
            await asyncio.sleep(0.01)
    listening.cancel()


async def test_who_hangs_up_leaves_nothing_behind(served: Served) -> None:
    key = await served.session("ana")
    count = len(asyncio.all_tasks())
    for _ in range(20):
        async with aiohttp.ClientSession() as client:
            answers = [await client.get(f"{served.url}/api/sessions/{key}/stream?after=0") for _ in range(3)]
            for answer in answers:
                await answer.content.readline()
                answer.close()
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > count or any(line.streaming for line in served.server._connections.open):
            await asyncio.sleep(0.02)


async def test_the_end_of_the_server_does_not_wait_for_listeners(served: Served) -> None:
    key = await served.session("ana")
    async with served.client.get(f"{served.url}/api/sessions/{key}/stream") as answer:
        await answer.content.readline()
        began = asyncio.get_running_loop().time()
        await served.stop()
        assert asyncio.get_running_loop().time() - began < 1.5


async def test_an_export_that_breaks_off_is_cut(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await served.session("ana")

    async def broken(*_: object):
        yield b'{"id": 1}\n'
        raise ZeroDivisionError

    monkeypatch.setattr(served.engine.archive, "export", broken)
    with pytest.raises(aiohttp.ClientError):
        await served.ask(f"/api/export/session/{key}")


async def test_only_so_many_exports_run_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await served.session("ana")
    go = asyncio.Event()

    async def slow(*_: object):
        yield b"{}\n"
        await go.wait()

    monkeypatch.setattr(served.engine.archive, "export", slow)
    answers = [await served.client.get(f"{served.url}/api/export/session/{key}") for _ in range(past._MOST_EXPORTS)]
    assert (await served.ask(f"/api/export/session/{key}"))[0] == 503
    answers[0].close()
    async with asyncio.timeout(5):
        while sum(bool(line.streaming) for line in served.server._connections.open) == past._MOST_EXPORTS:
            await asyncio.sleep(0.01)
    go.set()
    assert (await served.ask(f"/api/export/session/{key}"))[0] == 200
    for answer in answers:
        answer.close()
