"""Whatever is wrong with OBS is recognised, said in plain words, healed where it can be, and holds up nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from pathlib import Path

import pytest

from tests.obs.causes import cause
from tests.obs.fake import FakeObs, black_hole, closed_port, raw_server
from tests.obs.stand import Lag, standing
from tui_live.core.clips import ObsState
from tui_live.obs import client, connection, dial, heartbeat

#: Whoever waited for OBS in the loop would hold it for a second or more; a busy machine adds far less.
LAG_S = 0.25


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that waits for seconds waits for tenths."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(client, "_GREETING_SECONDS", 0.6)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(heartbeat, "_SOON_SECONDS", 0.1)
    monkeypatch.setattr(heartbeat, "_ANNOUNCED_SECONDS", 0.3)
    monkeypatch.setattr(connection, "_BACK_OFF_SECONDS", (0.1, 0.2))


async def test_it_connects_and_says_what_obs_is(obs: FakeObs) -> None:
    async with standing(obs.port) as stand:
        status = await stand.until_state(ObsState.READY)

    assert (status.version, status.buffer_seconds, status.folder) == ("29.0.2", 30, str(obs.clips))
    assert (status.reason, status.warning) == ("", "")


class TestFaults:
    """Each with its own words, while the loop goes on."""

    async def test_nothing_listens(self) -> None:
        async with standing(closed_port()) as stand, Lag() as lag:
            status = await stand.until_state(ObsState.ABSENT)
        assert "OBS is not running" in status.reason and "WebSocket Server Settings" in status.remedy
        assert lag.longest < LAG_S

    async def test_a_host_that_swallows_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dial.dial, "__defaults__", (0.5,))
        with black_hole() as port:
            async with standing(port) as stand, Lag() as lag:
                status = await stand.until_state(ObsState.ABSENT)
        assert "nothing answers" in status.reason and "firewall" in status.remedy
        assert lag.longest < LAG_S

    async def test_a_host_that_does_not_exist(self) -> None:
        async with standing(4455, host="no-such-host.invalid") as stand:
            status = await stand.until_state(ObsState.ABSENT, ObsState.CONNECTING, seconds=20)
            status = await stand.until_state(ObsState.ABSENT, seconds=20)
        assert "no host of the name" in status.reason

    @pytest.mark.usefixtures("impatient")
    async def test_frozen_before_the_greeting(self) -> None:
        async with raw_server() as port, standing(port) as stand, Lag() as lag:
            status = await stand.until_state(ObsState.FROZEN)
        assert "does not answer" in status.reason and "hangs" in status.remedy
        assert lag.longest < LAG_S

    @pytest.mark.usefixtures("impatient")
    async def test_frozen_in_between(self, obs: FakeObs) -> None:
        async with standing(obs.port) as stand, Lag() as lag:
            await stand.until_state(ObsState.READY)
            obs.mute = {"*"}
            await stand.until_state(ObsState.FROZEN)
            obs.mute = set()
            await stand.until_state(ObsState.READY)
        assert lag.longest < LAG_S

    @pytest.mark.usefixtures("impatient")
    @pytest.mark.parametrize(
        "says",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            b"HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n",
            b"220 mail.example ESMTP\r\n\r\n",
            b"\x00\xff\xfe\r\n\r\n",
        ],
    )
    async def test_something_else_answers(self, says: bytes) -> None:
        async with raw_server(says=says) as port, standing(port) as stand:
            status = await stand.until_state(ObsState.ABSENT)
        assert "is not OBS's WebSocket server" in status.reason and "obs.port" in status.remedy

    @pytest.mark.usefixtures("impatient")
    async def test_something_drips(self) -> None:
        async with raw_server(drips=b"x") as port, standing(port) as stand:
            status = await stand.until(
                lambda: stand.clips.status.reason and not stand.clips.status.reason.startswith("conn"), 5
            )
            status = stand.clips.status
        assert status.state in (ObsState.ABSENT, ObsState.FROZEN)

    @pytest.mark.usefixtures("impatient")
    @pytest.mark.parametrize("text", ["not json", "[]", "{}", '{"op": 7, "d": 3}', '{"op": 5}', "\ud7ff"])
    async def test_garbage_in_between(self, obs: FakeObs, text: str) -> None:
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.READY)
            await obs.say(text)
            await stand.until_state(ObsState.ABSENT)
            assert "is not OBS's" in stand.clips.status.reason
            await stand.until_state(ObsState.READY)

    async def test_wrong_password(self, obs: FakeObs) -> None:
        async with standing(obs.port, "another") as stand:
            status = await stand.until_state(ObsState.REFUSED)
        assert "does not take the password" in status.reason and "obs.password" in status.remedy

    async def test_no_password(self, obs: FakeObs) -> None:
        async with standing(obs.port, None) as stand:
            status = await stand.until_state(ObsState.REFUSED)
        assert "asks for a password, and none is set" in status.reason

    async def test_a_password_that_is_not_asked_for(self, obs: FakeObs) -> None:
        """Somebody else on the port could say so."""
        obs.password = ""
        async with standing(obs.port, "whatever") as stand:
            status = await stand.until_state(ObsState.REFUSED, ObsState.READY)
        assert "asks for no password" in status.reason and "Enable Authentication" in status.remedy

    async def test_neither_password_nor_authentication(self, obs: FakeObs) -> None:
        obs.password = ""
        async with standing(obs.port, None) as stand:
            await stand.until_state(ObsState.READY)

    @pytest.mark.usefixtures("impatient")
    @pytest.mark.parametrize(
        ("code", "state"), [(207, ObsState.LOADING), (604, ObsState.NO_BUFFER), (702, ObsState.STOPPED)]
    )
    async def test_codes(self, obs: FakeObs, code: int, state: ObsState) -> None:
        obs.codes = {"GetReplayBufferStatus": code}
        async with standing(obs.port) as stand:
            status = await stand.until_state(state)
            assert status.reason and status.remedy
            obs.codes = {}
            await stand.until_state(ObsState.READY)

    async def test_the_buffer_is_started_where_that_is_wanted(self, obs: FakeObs) -> None:
        obs.active = False
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.READY)
        assert len(obs.times("StartReplayBuffer")) == 1

    async def test_the_buffer_is_left_alone_where_that_is_wanted(self, obs: FakeObs) -> None:
        obs.active = False
        async with standing(obs.port, start_replay_buffer=False) as stand:
            status = await stand.until_state(ObsState.STOPPED)
            assert "is not running" in status.reason and "Start Replay Buffer" in status.remedy
            await obs._switch("STARTED", active=True)
            await stand.until_state(ObsState.READY)
        assert not obs.times("StartReplayBuffer")

    @pytest.mark.usefixtures("impatient")
    async def test_without_video_it_is_asked_once_and_again_when_something_came(self, obs: FakeObs) -> None:
        obs.active = obs.starts = False
        async with standing(obs.port) as stand:
            status = await stand.until_state(ObsState.NO_VIDEO)
            assert "video source" in status.reason
            beats = len(obs.times("GetReplayBufferStatus"))
            await stand.until(lambda: len(obs.times("GetReplayBufferStatus")) > beats + 2)
            assert len(obs.times("StartReplayBuffer")) == 1
            obs.starts = True
            await obs.tell("InputCreated", inputName="Camera")
            await stand.until_state(ObsState.READY)

    @pytest.mark.usefixtures("impatient")
    async def test_what_came_but_was_not_ready_is_given_one_more_try(self, obs: FakeObs) -> None:
        obs.active = obs.starts = False
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.NO_VIDEO)
            await obs.tell("InputCreated", inputName="Camera")
            await stand.until(lambda: len(obs.times("StartReplayBuffer")) == 2)
            obs.starts = True
            await stand.until_state(ObsState.READY)
        assert len(obs.times("StartReplayBuffer")) == 3

    @pytest.mark.usefixtures("impatient")
    async def test_a_buffer_stopped_in_obs_is_started_again(self, obs: FakeObs) -> None:
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.READY)
            await obs._switch("STOPPED", active=False)
            await stand.until_state(ObsState.STOPPED)
            await stand.until_state(ObsState.READY)

    @pytest.mark.usefixtures("impatient")
    async def test_a_source_that_is_missing_or_inactive_is_a_warning(self, obs: FakeObs) -> None:
        async with standing(obs.port, source_name="Camera") as stand:
            await stand.until_state(ObsState.READY)
            assert "no source “Camera”" in stand.clips.status.warning
            obs.sources = {"Camera": False}
            await stand.until(lambda: "not on air" in stand.clips.status.warning)
            obs.sources = {"Camera": True}
            await stand.until(lambda: not stand.clips.status.warning)

    @pytest.mark.usefixtures("impatient")
    async def test_a_fault_of_ours_is_told_and_healed(
        self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        real, faults = heartbeat.Heartbeat.answered, [1, 1]

        def answered(*arguments: object) -> object:
            if faults:
                faults.pop()
                raise RuntimeError("a fault")
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(heartbeat.Heartbeat, "answered", answered)
        async with standing(obs.port) as stand:
            await stand.until(lambda: "RuntimeError" in stand.clips.status.reason)
            await stand.until_state(ObsState.READY)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err


class TestHealing:
    async def test_obs_that_comes_back_is_found(self, obs: FakeObs) -> None:
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.READY)
            await obs.stop()
            await stand.until_state(ObsState.ABSENT)
            await obs.start()
            began = time.monotonic()
            await stand.until_state(ObsState.READY)
        assert time.monotonic() - began < 5.5

    async def test_the_operator_need_not_wait(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connection, "_BACK_OFF_SECONDS", (60.0,))
        await obs.stop()
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.ABSENT)
            await obs.start()
            stand.clips.connect_now()
            await stand.until_state(ObsState.READY, seconds=5)
        assert [status.state for status in stand.seen][-2:] == [ObsState.CONNECTING, ObsState.READY]

    async def test_switched_off_it_connects_when_the_operator_wants_it(self, obs: FakeObs) -> None:
        async with standing(obs.port, enabled=False) as stand:
            await asyncio.sleep(0)
            assert stand.clips.status.state is ObsState.OFF
            assert "obs.enabled" in stand.clips.status.remedy
            assert not obs.greetings
            stand.clips.connect_now()
            await stand.until_state(ObsState.READY)

    async def test_a_refused_password_is_not_tried_every_second(self, obs: FakeObs) -> None:
        async with standing(obs.port, "another") as stand:
            await stand.until_state(ObsState.REFUSED)
            stand.clips.connect_now()
            await stand.until(lambda: obs.greetings == 2)
            await stand.until_state(ObsState.REFUSED)
            # Two seconds: a back-off would have come by now, this pause is ten.
            with contextlib.suppress(AssertionError):
                await stand.until(lambda: obs.greetings > 2, 2)
        assert obs.greetings == 2


class TestStopping:
    """Within two seconds, in every phase; ``standing`` measures it."""

    @pytest.fixture(autouse=True)
    def no_thread_stays(self):  # type: ignore[no-untyped-def]
        yield
        for thread in [thread for thread in threading.enumerate() if thread.name == "obs"]:
            thread.join(2)
            assert not thread.is_alive()

    async def test_while_it_connects(self) -> None:
        with black_hole() as port:
            async with standing(port) as stand:
                await stand.until_state(ObsState.CONNECTING)

    async def test_while_it_is_greeted(self, obs: FakeObs) -> None:
        obs.mute = {"*"}
        async with standing(obs.port) as stand:
            await stand.until(lambda: obs.greetings)

    async def test_while_it_waits_for_an_answer(self, obs: FakeObs) -> None:
        obs.mute = {"GetVersion"}
        async with standing(obs.port) as stand:
            await stand.until(lambda: obs.times("GetVersion"))

    async def test_while_it_pauses(self) -> None:
        async with standing(closed_port()) as stand:
            await stand.until_state(ObsState.ABSENT)

    async def test_before_it_began(self) -> None:
        async with standing(closed_port(), enabled=False):
            pass


async def test_a_save_does_not_wait_for_an_answer(obs: FakeObs) -> None:
    async with standing(obs.port) as stand:
        await stand.until_state(ObsState.READY)
        obs.mute = {"GetVersion"}
        beats = len(obs.times("GetVersion"))
        await stand.until(lambda: len(obs.times("GetVersion")) > beats)
        asked = time.monotonic()
        stand.clips.ask(cause())
        await stand.until_told()
        assert obs.times("SaveReplayBuffer")[0] - asked < 0.1


async def test_the_password_is_in_no_log_status_clip_or_repr(obs: FakeObs, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("obsws_python", "websocket"):
        assert logging.getLogger(name).level > logging.CRITICAL
    told: list[object] = []
    for password in ("secret-word", "wrong-secret-word"):
        async with standing(obs.port, password) as stand:
            await stand.until_state(ObsState.READY, ObsState.REFUSED)
            stand.clips.ask(cause())
            await stand.until_told()
            told += [stand.seen, stand.told, repr(stand.clips._connection), repr(vars(stand.clips))]
    assert "secret-word" not in caplog.text
    assert "secret-word" not in repr(told)


async def test_proxies_are_not_for_obs(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    async with standing(obs.port, host="localhost") as stand:
        await stand.until_state(ObsState.READY)


@pytest.mark.parametrize("host", ["::1", "[::1]"])
async def test_ipv6(obs: FakeObs, host: str) -> None:
    fake = FakeObs(obs.clips, host="::1")
    await fake.start()
    async with standing(fake.port, host=host) as stand:
        await stand.until_state(ObsState.READY)
    await fake.stop()


@pytest.mark.usefixtures("impatient")
async def test_a_folder_that_hangs_holds_up_no_save(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file server that is gone; it is asked once, not at every beat."""
    real, looked, go_on = Path.is_dir, list[str](), threading.Event()

    def is_dir(path: Path) -> bool:
        if path == obs.clips and threading.current_thread().name.startswith("obs"):
            looked.append(threading.current_thread().name)
            go_on.wait(5)
        return real(path)

    monkeypatch.setattr(Path, "is_dir", is_dir)
    try:
        async with standing(obs.port) as stand:
            await stand.until_state(ObsState.READY, seconds=2)
            stand.clips.ask(cause())
            await stand.until(lambda: obs.times("SaveReplayBuffer"), 1)
            await stand.until(lambda: len(obs.times("GetRecordDirectory")) > 2, 10)
            assert looked == ["obs folder"]
    finally:
        go_on.set()
