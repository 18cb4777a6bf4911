"""Each fault, as TikTokLive's own client sees it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.simulator.conftest import Receiver
from tui_live.simulator import Scenario, Simulator, faults

QUIET = Scenario(title="quiet", rate=200)


async def listening(simulator: Simulator, user: str) -> Receiver:
    """A receiver that has got its first messages over the socket."""
    receiver = Receiver(user)
    await receiver.start()
    await simulator.wait_for(user, lambda room: room.truth.frames > 0)
    return receiver


@pytest.mark.parametrize(
    ("user", "error"),
    [
        ("offline_1", "UserOfflineError"),
        ("unknown", "UserNotFoundError"),
        ("age_restricted", "InitialCursorMissingError"),
        ("login_required", "InitialCursorMissingError"),
        ("sign_error.2", "SignAPIError"),
        ("sign_empty", "SignAPIError"),
        ("rate_limited", "SignatureRateLimitError"),
        ("rate_limited_bare", "TypeError"),
        ("refused7", "WebcastBlockedError"),
        ("refused_always", "InvalidStatusCode"),
    ],
)
async def test_a_condition_gives_tiktoklives_own_error(simulate: Any, user: str, error: str) -> None:
    await simulate()
    seen = await Receiver(user).once()
    assert type(seen).__name__ == error


async def test_restricted_streams_say_so_in_their_room_info(simulate: Any) -> None:
    from TikTokLive.client.errors import AgeRestrictedError

    await simulate()
    for user in ("age_restricted", "login_required"):
        with pytest.raises(AgeRestrictedError):
            await Receiver(user).start(fetch_room_info=True)


async def test_the_rate_limit_names_its_reset_time_and_is_over_after_once(simulate: Any) -> None:
    simulator: Simulator = await simulate()
    receiver = Receiver("rate_limited")
    error: Any = await receiver.once()
    assert 0 < error.reset_time - time.time() <= 6
    await receiver.start()
    await simulator.wait_for("rate_limited", lambda room: room.truth.enters == 1)


@pytest.mark.parametrize("status", [200, 400, 403, 503])
async def test_a_refused_handshake_has_its_status(simulate: Any, status: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    simulator.inject("a", faults.Refuse(status=status, times=1))
    error = await Receiver("a").once()
    assert type(error).__name__ == ("WebcastBlockedError" if status in (200, 400) else "InvalidStatusCode")
    receiver = Receiver("a")
    await receiver.start()
    await simulator.wait_for("a", lambda room: room.truth.unconfirmed == 0 and room.truth.enters == 1)


async def test_a_captcha_page_leaves_the_api(simulate: Any) -> None:
    simulator: Simulator = await simulate()
    await Receiver("captcha").start()
    await simulator.wait_for("captcha", lambda room: room.truth.enters == 1)


async def test_a_stream_goes_live_later(simulate: Any) -> None:
    offline = Scenario(title="later", conditions=(faults.Offline(seconds=0.2),))
    simulator: Simulator = await simulate({"a": offline})
    assert type(await Receiver("a").once()).__name__ == "UserOfflineError"
    await simulator.wait_for("a", lambda room: room.live)
    await Receiver("a").start()
    await simulator.wait_for("a", lambda room: room.truth.frames > 0)


async def test_room_info_and_gifts_are_there_for_those_who_ask(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = Receiver("a")
    await receiver.start(fetch_room_info=True, fetch_gift_info=True)
    info, gifts = receiver.client.room_info, receiver.client.gift_info
    assert info["owner"]["display_id"] == "a"
    assert str(info["owner"]["id"]) == simulator.truth("a").host_id
    assert {"Rose", "Lion"} <= {gift["name"] for gift in gifts["gifts"]}


async def test_a_cut_has_no_close_frame(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    assert receiver.task is not None
    await simulator.inject("a", faults.Cut())
    (ended,) = await asyncio.gather(receiver.task, return_exceptions=True)
    assert ended is None or "no close frame" in str(ended)
    assert simulator.truth("a").unconfirmed == 0


async def test_silence_leaves_the_socket_open_and_ends_with_a_new_connection(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    await simulator.inject("a", faults.Silence())
    frames = simulator.truth("a").frames
    assert receiver.client.connected
    assert not simulator.room("a").audience
    again = await listening(simulator, "a")
    await simulator.wait_for("a", lambda room: room.truth.frames > frames)
    assert again.client.connected


async def test_a_dead_silence_shows_in_check_alive_only(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    await simulator.inject("a", faults.Silence(dead=True))
    assert receiver.client.connected
    assert not receiver.of("LiveEndEvent")
    assert not await receiver.client.web.fetch_is_live(room_id=receiver.client.room_id)


@pytest.mark.parametrize("fault", [faults.Garbage(), faults.BrokenGzip()])
async def test_a_broken_frame_ends_tiktoklives_loop(simulate: Any, fault: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    assert receiver.task is not None
    await simulator.inject("a", fault)
    with pytest.raises((KeyError, ValueError, EOFError, OSError, RuntimeError)):
        await asyncio.wait_for(receiver.task, 10)
    assert simulator.truth("a").bad_frames == 1


@pytest.mark.parametrize("suspended", [False, True])
async def test_an_end_is_announced_and_the_client_leaves(simulate: Any, suspended: bool) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    assert receiver.task is not None
    await simulator.inject("a", faults.End(suspended=suspended))
    await asyncio.wait_for(receiver.task, 10)
    assert [event.action.value for event in receiver.of("ControlEvent")] == [4 if suspended else 3]
    assert simulator.room("a").state == "ended"
    assert type(await Receiver("a").once()).__name__ == "UserOfflineError"


async def test_pause_and_unpause_and_a_message_by_hand(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    receiver = await listening(simulator, "a")
    for fault in (faults.Pause(), faults.Unpause(), faults.Say(text="is this on?"), faults.Undecodable(count=3)):
        await simulator.inject("a", fault)
    await simulator.inject("a", faults.Cut())
    assert len(receiver.of("LivePauseEvent")) == len(receiver.of("LiveUnpauseEvent")) == 1
    assert any(event.content == "is this on?" for event in receiver.of("CommentEvent"))
    assert simulator.truth("a").undecodable == 3


async def test_slow_answers_are_slow(simulate: Any) -> None:
    simulator: Simulator = await simulate({"a": QUIET})
    simulator.inject("a", faults.Slow(seconds=0.3, times=1))
    before = time.monotonic()
    await Receiver("a").start()
    assert time.monotonic() - before >= 0.3


async def test_life_goes_on_without_clients_and_what_nobody_got_is_missed(simulate: Any) -> None:
    lonely = Scenario(title="lonely", rate=500, pause_when_alone=False, history=5)
    simulator: Simulator = await simulate({"a": lonely})
    await simulator.wait_for("a", lambda room: room.truth.missed > 50)
    receiver = await listening(simulator, "a")
    assert receiver.history == simulator.truth("a").history_new == 5
