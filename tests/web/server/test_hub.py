"""What pages are pushed: little, in order, true; and who does not take it delays nobody."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scores import chat, follow, gift, join, person, share
from tests.web.server.conftest import TOKEN, Serve, Served
from tests.web.server.studio import Studio, message_ids
from tui_live.core.events import Event, GiftData
from tui_live.simulator import SCENARIOS, Simulator
from tui_live.web import hub, models
from tui_live.web.protocol import PUSHES_PER_SECOND, Board, BoardChange, Card

cards = st.builds(
    Card, id=st.sampled_from("abcdefgh"), name=st.sampled_from(["Ana", "👑", ""]), avatar=st.just(""),
    score=st.integers(1, 4), winner=st.booleans(),
)  # fmt: skip
boards = st.builds(
    Board,
    st.lists(cards, unique_by=lambda card: card.id, max_size=6).map(tuple),
    st.integers(0, 3),
    st.integers(0, 3),
    st.booleans(),
)


def applied(board: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A board with a difference applied, as a page does it, from JSON to JSON."""
    known = {card["id"]: card for card in board["cards"]} | {card["id"]: card for card in change.get("cards", ())}
    order = change.get("order")
    ids = order if order is not None else [card["id"] for card in board["cards"]]
    sums = {name: change[name] for name in ("scoring", "people", "paused") if change.get(name) is not None}
    return {**board, **sums, "cards": [known[each] for each in ids]}


def as_json(message: Any) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(message))


@given(st.lists(boards, min_size=2, max_size=8))
def test_differences_in_order_are_the_board(states: list[Board]) -> None:
    page = as_json(states[0])
    for before, now in itertools.pairwise(states):
        change = models.board_change(before, now)
        if before == now:
            assert change is None
            continue
        assert isinstance(change, BoardChange)
        page = applied(page, as_json(change))
        assert page == as_json(now)


class Viewer:
    """A page: applies what it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.board: dict[str, Any] = {}
        self.messages: list[dict[str, Any]] = []

    async def look(self) -> None:
        async for message in self.socket:
            told = json.loads(message.data)
            self.messages.append(told)
            if told["t"] == "board":
                self.board = told
            elif told["t"] == "board+":
                self.board = applied(self.board, told)


async def test_everybody_has_the_servers_board_whenever_they_came(studio: Studio) -> None:
    viewers: list[Viewer] = []
    tasks: list[asyncio.Task[None]] = []
    for number in range(0, 20 * 80, 20):
        studio.tell("ana", *(gift(person(number % 40), 1 + number % 7, 1) for number in range(number, number + 20)))
        if len(viewers) < 25:  # pages come while the board moves: nobody pays for the others
            viewer = Viewer(await studio.page("overlay", top="10"))
            viewers.append(viewer)
            tasks.append(asyncio.ensure_future(viewer.look()))
        await asyncio.sleep(0.01)
    expected = as_json(models.board(studio.scores.standings(None, 0, 10), 10))
    async with asyncio.timeout(5):
        while any(viewer.board != expected for viewer in viewers):
            await asyncio.sleep(0.02)
    for viewer in viewers:
        assert [message["t"] for message in viewer.messages[:2]] == ["hello", "board"]
        assert {message["t"] for message in viewer.messages[2:]} == {"board+"}
    await studio.hang_up(tasks)


class Clock:
    """The hub's clock, moved by a test."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


async def test_pages_are_pushed_ten_times_a_second_at_most(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(hub, "time", clock)
    await studio.page("overlay")
    await studio.until(lambda: studio.hub.count == 1)
    [page] = studio.pages
    times: list[float] = []
    monkeypatch.setattr(page, "send", lambda data: times.append(clock.now))
    for number in range(1_000):  # four seconds, and something new at every look
        clock.now += hub._LEAST_SECONDS
        studio.tell("ana", gift(person(number % 40), 1, 1))
        studio.hub.tick(clock.now)
    assert PUSHES_PER_SECOND - 1 <= max(sum(at <= each < at + 1 for each in times) for at in times) <= PUSHES_PER_SECOND
    assert len(times) > 3.5 * (PUSHES_PER_SECOND - 1)


async def test_what_is_unchanged_is_not_sent(studio: Studio) -> None:
    studio.tell("ana", gift(person(1), 5, 1), gift(person(2), 3, 1))
    viewer = Viewer(await studio.page("overlay"))
    task = asyncio.ensure_future(viewer.look())
    await studio.ticks(5)
    assert [message["t"] for message in viewer.messages] == ["hello", "board"]
    studio.tell("ana", gift(person(2), 30, 1))
    await studio.ticks(3)
    [change] = viewer.messages[2:]
    assert change["order"] == [person(2).user_id, person(1).user_id]
    assert [card["id"] for card in change["cards"]] == [person(2).user_id]
    assert set(change) == {"t", "order", "cards"}
    await studio.hang_up([task])


async def test_what_happens_after_a_quiet_moment_is_told_at_once(studio: Studio) -> None:
    viewer = Viewer(await studio.page("overlay"))
    task = asyncio.ensure_future(viewer.look())
    waits = []
    for number in range(5):
        await studio.ticks(3)
        told, began = len(viewer.messages), time.monotonic()
        studio.tell("ana", gift(person(number), 5, 1))
        await studio.until(lambda told=told: len(viewer.messages) > told)
        waits.append(time.monotonic() - began)
    assert min(waits) < hub._LOOK_SECONDS + 0.02 < hub._APART_SECONDS / 2
    await studio.hang_up([task])


async def test_who_does_not_read_is_cut_and_delays_nobody(studio: Studio) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", studio.port, limit=1024)
    writer.write(
        b"GET /ws?page=overlay&top=100 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    reader._transport.pause_reading()
    viewer = Viewer(await studio.page("overlay", top="100"))
    task = asyncio.ensure_future(viewer.look())
    await studio.until(lambda: studio.hub.count == 2)
    slow = next(page for page in studio.pages if page.heard < max(each.heard for each in studio.pages))
    number, most = 0, 0
    async with asyncio.timeout(30):
        while studio.hub.count == 2:
            number += 1
            # Everybody moves, under names as long as they may be.
            studio.tell("ana", *(gift(studio.long_name(each), 1 + (each * number) % 97, 1) for each in range(100)))
            began = time.monotonic()
            studio.hub.tick()
            assert time.monotonic() - began < 0.5
            most = max(most, slow._waiting)
            await asyncio.sleep(0)
    assert slow.cut and 0 < most < 1_200_000
    assert [page.page for page in studio.hub.pages()] == ["overlay"]
    expected = as_json(models.board(studio.scores.standings(None, 0, 100), 100))
    await studio.until(lambda: viewer.board == expected)
    writer.close()
    await studio.hang_up([task])


async def test_a_page_that_falls_silent_is_dropped_and_one_that_beats_is_answered(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(hub, "_ANSWER_SECONDS", 0.1)
    silent, beating = await studio.page("overlay"), Viewer(await studio.page("question", stream="@Ana"))
    task = asyncio.ensure_future(beating.look())
    async with asyncio.timeout(5):
        while studio.hub.count == 2:
            for beat in ('{"version": "v7"}', "no json", "[]", '{"version": 7}', '{"version": "v7", "more": 1}'):
                await beating.socket.send_str(beat)
                await asyncio.sleep(0.06)  # whoever sends much more than that is cut
    [page] = studio.hub.pages()
    assert (page.page, page.stream, page.version, page.remote) == ("question", "ana", "v7", "127.0.0.1")
    assert page.heartbeat_ms >= page.since_ms > 0
    hellos = [message for message in beating.messages if message["t"] == "hello"]
    assert 2 <= len(hellos) <= 20 and hellos[0] == {"t": "hello", "version": studio.version, "stream": "ana"}
    async with asyncio.timeout(5):
        assert (await silent.receive()).type is aiohttp.WSMsgType.TEXT
        while not silent.closed:
            await silent.receive()
    await studio.hang_up([task])


async def test_a_hidden_page_that_beats_once_a_minute_stays() -> None:
    assert hub.SILENT_SECONDS > 2 * 60


@pytest.mark.parametrize("clock_ms", [0, -600_000, 600_000], ids=["right", "fast", "slow"])
async def test_alerts_are_gifts_follows_and_shares_of_now_whatever_the_clock(studio: Studio, clock_ms: int) -> None:
    now = studio.now() + clock_ms
    all_of, ours = [Viewer(await studio.page("alerts")), Viewer(await studio.page("alerts", stream="ana"))]
    tasks = [asyncio.ensure_future(viewer.look()) for viewer in (all_of, ours)]
    repeated = gift(person(1), 700, 1, now - 120_000), follow(person(2), now)
    studio.tell("ana", *(msgspec.structs.replace(event, history=True) for event in repeated))
    studio.tell("ana", gift(person(1), 800, 1, now - 500), share(person(2), now), live=False)  # what a connect brings
    studio.tell("ana", chat(person(1), now), join(person(1), now), gift(person(9), 10, 1, now, guest=True))
    studio.tell("ana", streak(1, 1, now), streak(4, 3, now), streak(4, 0, now), follow(person(2), now))
    studio.tell("bob", share(person(3), now))
    studio.log.clear()  # what the console does not show any more is celebrated all the same
    await studio.ticks(3)
    [mine] = [message for message in ours.messages if message["t"] == "alerts"]
    told = [(alert["kind"], alert["count"], alert["coins"]) for alert in mine["alerts"]]
    assert told == [("gift", 4, 20), ("follow", 0, 0)] and mine["more"] == 0, "a streak is one"
    assert [alert["user"] for alert in mine["alerts"]] == [person(1).user_id, person(2).user_id]
    [everything] = [message for message in all_of.messages if message["t"] == "alerts"]
    assert [alert["kind"] for alert in everything["alerts"]] == ["gift", "follow", "share"]
    studio.tell("ana", streak(6, 2, now), gift(person(2), 5, 1, now))
    await studio.ticks(3)
    grown, other = ours.messages[-1]["alerts"]
    assert (grown["count"], grown["coins"]) == (6, 30)
    assert grown["streak"] == mine["alerts"][0]["streak"] != other["streak"]
    studio.tell(
        "ana",
        *(gift(person(number), coins, 1, now) for number, coins in enumerate([1, 900, 2, 800, 3, 700, 4, 600, 500])),
    )
    await studio.ticks(3)
    last = ours.messages[-1]
    assert ([alert["coins"] for alert in last["alerts"]], last["more"]) == ([900, 800, 700, 600, 500], 4)
    numbers = [alert["id"] for message in ours.messages[1:] for alert in message["alerts"]]
    assert numbers == sorted(set(numbers))
    late = Viewer(await studio.page("alerts"))
    tasks.append(asyncio.ensure_future(late.look()))
    await studio.ticks(3)
    assert [message["t"] for message in late.messages] == ["hello"]
    await studio.hang_up(tasks)


def streak(count: int, grown: int, now: int) -> Event:
    """A message of a gift streak that has come to ``count`` pieces."""
    data = GiftData("Rose", "5655", 5, count, False, "9", 5 * count, grown, 5 * grown, "https://p/rose.webp")
    return Event("gift", "", person(1), "", now, data, next(message_ids), 0)


async def test_one_page_that_cannot_be_told_spoils_no_other(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    look = studio.scores.standings

    def broken(stream: str | None, *arguments: int) -> Any:
        if stream == "bob" and broken.now:
            raise ZeroDivisionError
        return look(stream, *arguments)

    broken.now = False
    monkeypatch.setattr(studio.scores, "standings", broken)
    bob, ana = Viewer(await studio.page("overlay", stream="bob")), Viewer(await studio.page("overlay", stream="ana"))
    tasks = [asyncio.ensure_future(viewer.look()) for viewer in (bob, ana)]
    broken.now = True
    studio.tell("ana", gift(person(1), 5, 1))
    studio.tell("bob", gift(person(1), 7, 1))
    await studio.ticks(5)
    assert ana.board["cards"][0]["score"] > 0
    assert caplog.text.count("could not be told") == 1
    broken.now = False
    await studio.ticks(3)
    assert bob.board["cards"][0]["score"] > 0
    await studio.hang_up(tasks)


async def test_pages_come_back_after_a_restart_and_the_version_is_the_same(served: Served) -> None:
    port = served.server.port
    async with served.client.ws_connect(f"{served.url}/ws?page=overlay") as page:
        hello = await page.receive_json()
        await served.stop()
        async with asyncio.timeout(5):
            while not page.closed:
                await page.receive()
    await served.run()
    assert served.server.port == port
    async with served.client.ws_connect(f"{served.url}/ws?page=overlay") as page:
        assert await page.receive_json() == hello
        _, status = await served.ask("/api/status")
        assert [(each["page"], each["stream"]) for each in status["pages"]] == [("overlay", None)]


async def test_a_port_in_use_is_said_while_everything_else_goes_on(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tui_live.web.server._RETRY_SECONDS", 0.05)
    simulator = Simulator({"ana": SCENARIOS["lively"]}, seed=2)
    await simulator.start()
    served = await serve(simulator, "ana", run=False)
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", served.server._settings.port)
    running = asyncio.create_task(served.run())
    async with asyncio.timeout(10):
        while not served.server.trouble:
            await asyncio.sleep(0.01)
    port = served.server._settings.port
    assert served.engine.health().web_trouble == (
        f"Overlays cannot be served: port {port} is in use — set overlay.port, or end the other program"
    )
    async with asyncio.timeout(60):
        while served.engine.health().events_per_second == 0:
            await asyncio.sleep(0.02)
    assert caplog.text.count("is in use") == 1
    taken.close()
    await running
    assert served.engine.health().web_trouble == ""
    assert (await served.ask("/api/health"))[0] == 200
    await served.engine.remove_stream("ana")
    await simulator.close()


async def test_who_asks_for_no_page_is_told_which_there_are(served: Served) -> None:
    for page in ("", "?page=none", "?page=sessions"):
        status, answer = await served.ask(f"/ws{page}", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
        assert (status, answer["error"]["code"]) == (400, "bad_parameter")
    assert (await served.ask("/ws?page=overlay"))[0] == 400
    assert (await served.ask("/ws?page=overlay", "POST", token=TOKEN))[0] == 405
