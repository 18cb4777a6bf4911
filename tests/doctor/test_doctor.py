"""``doctor`` on real parts: every hop at its best, and each failure with what to do about it."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from msgspec import structs

from tests.e2e.conftest import free_port, settings
from tests.obs.fake import FakeObs
from tests.waiting import until
from tui_live.config import Loaded, load
from tui_live.doctor import machine, network, obs, run
from tui_live.doctor.finding import Finding, Verdict
from tui_live.engine import Engine
from tui_live.errors import ConfigError
from tui_live.simulator import SCENARIOS, Simulator, faults
from tui_live.store.database import open_writer


@pytest.fixture
async def simulator() -> Any:
    made = Simulator({"ana": SCENARIOS["calm"]}, default=None, seed=5)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def configured(simulator: Simulator, tmp_path: Path):
    def make(**more: object) -> Loaded:
        file = tmp_path / "c.yaml"
        file.write_text("streams: [ana]\n")
        given = settings(simulator, **more) | {"database.path": str(tmp_path / "x.db")}
        return load(file, {"overlay.port": free_port()} | given)

    return make


def only(finding: Finding, verdict: Verdict, *words: str) -> None:
    assert finding.verdict is verdict, finding.line
    for word in words:
        assert word in finding.line
    if verdict is Verdict.FAILED:
        assert finding.remedy
    assert "\n" not in finding.line


async def test_everything_is_well(configured, tmp_path) -> None:
    fake = FakeObs(tmp_path)
    await fake.start()
    made = configured(obs__enabled=True, obs__port=fake.port, obs__password=fake.password, obs__clip_dir=str(tmp_path))
    found = await run._check(made, None)
    assert [finding.hop for finding in found] == [
        *("configuration", "database", "network", "sign server", "TikTok"),
        *("OBS", "replay buffer", "clip folder", "Chromium", "overlay port"),
    ]
    assert {finding.verdict for finding in found} <= {Verdict.OK, Verdict.WARNING}, [one.line for one in found]
    assert "@ana is live" in found[4].said
    assert fake.password not in " ".join(finding.line for finding in found)
    assert "StartReplayBuffer" not in [request for _, request in fake.asked]
    assert not (tmp_path / "x.db").exists()


async def test_a_database_that_is_not_ours_or_that_another_records_into(configured, tmp_path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    foreign.close()
    only(await machine.database(configured()), Verdict.FAILED, "another program's database")
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    only(await machine.database(configured()), Verdict.FAILED, "no intact SQLite database")
    (tmp_path / "x.db").unlink()
    made = configured()
    engine = await Engine.create(made, lambda work, name: asyncio.create_task(work, name=name), web=False)
    only(await machine.database(made), Verdict.OK, "a running TUI Live records into it")
    await engine.close()
    found = await machine.database(made)
    only(found, Verdict.OK, "SQLite")
    assert "running" not in found.said


async def test_a_folder_that_may_not_be_written_keeps_a_database_from_being_written(
    configured, tmp_path, monkeypatch
) -> None:
    await (await open_writer(tmp_path / "x.db")).close()
    monkeypatch.setattr(machine.os, "access", lambda path, _mode: Path(path) != tmp_path)
    only(await machine.database(configured()), Verdict.FAILED, f"{tmp_path} may not be written")


async def test_the_overlays_port_is_free_ours_or_somebody_elses(configured) -> None:
    made = configured()
    only(await machine.overlay_port(made), Verdict.OK, "is free")
    with socket.create_server(("127.0.0.1", made.config.overlay.port)):
        only(await machine.overlay_port(made), Verdict.FAILED, "used by another program", "overlay.port")
    engine = await Engine.create(made, lambda work, name: asyncio.create_task(work, name=name))
    await until(lambda: engine.pages.port)
    only(await machine.overlay_port(made), Verdict.OK, "a running TUI Live serves")
    nowhere = configured(overlay__host="a..b")
    only(await machine.overlay_port(nowhere), Verdict.FAILED, "is no name of a host", "overlay.host")
    await engine.close()


async def test_no_way_to_tiktok(configured) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    made = configured(tiktok__web_url=nobody, tiktok__sign_url=nobody)
    only(await network.network(made), Verdict.FAILED, "cannot be reached", "DNS")
    only(await network.sign_server(made), Verdict.FAILED, "tiktok.sign_url")
    only(await network.tiktok(made), Verdict.FAILED, "@ana")
    only(await network.network(configured(tiktok__proxy=nobody)), Verdict.FAILED, "the proxy", "tiktok.proxy")


@pytest.mark.parametrize(
    ("status", "verdict", "said"),
    [
        (200, Verdict.OK, "answers"),
        (404, Verdict.OK, "answers"),
        (401, Verdict.FAILED, "tiktok.sign_api_key"),
        (429, Verdict.WARNING, "limits us"),
        (503, Verdict.FAILED, "out of order"),
    ],
)
async def test_what_the_sign_server_answers(configured, status, verdict, said) -> None:
    keys = []

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers.get("X-Api-Key"))
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made = configured(tiktok__sign_url=f"http://127.0.0.1:{port}", tiktok__sign_api_key="key-of-mine")
    found = await network.sign_server(made)
    only(found, verdict, said)
    assert keys == ["key-of-mine"]
    assert "key-of-mine" not in found.line
    await runner.cleanup()


@pytest.mark.parametrize(("condition", "said"), [(faults.Captcha(), "captcha"), (faults.Unknown(), "does not exist")])
async def test_tiktok_shows_a_captcha_or_knows_nobody_of_that_name(configured, simulator, condition, said) -> None:
    other = Simulator({"ana": structs.replace(SCENARIOS["calm"], conditions=(condition,))}, default=None, seed=5)
    await other.start()
    made = configured(**{f"tiktok__{name}": getattr(other, name) for name in ("web_url", "webcast_url")})
    only(await network.tiktok(made), Verdict.FAILED, said)
    await other.close()


async def test_obs_is_not_there_has_another_password_or_no_buffer(configured, tmp_path) -> None:
    made = configured(obs__enabled=True, obs__port=free_port(), obs__clip_dir=str(tmp_path / "nowhere"))
    greeting, buffer, folder = await obs.obs(made)
    only(greeting, Verdict.FAILED, "not running")
    only(buffer, Verdict.SKIPPED)
    only(folder, Verdict.FAILED, "is not there", "obs.clip_dir")
    (tmp_path / "clips").mkdir()
    fake = FakeObs(tmp_path / "clips")
    await fake.start()
    wrong = configured(obs__enabled=True, obs__port=fake.port, obs__password="something-else")
    greeting = (await obs.obs(wrong))[0]
    only(greeting, Verdict.FAILED, "password")
    assert "something-else" not in greeting.line
    fake.active = False
    right = {"obs__enabled": True, "obs__port": fake.port, "obs__password": fake.password}
    only((await obs.obs(configured(**right)))[1], Verdict.WARNING, "TUI Live starts it", "video source")
    fake.clips.rename(tmp_path / "elsewhere")
    only((await obs.obs(configured(**right)))[2], Verdict.WARNING, "is gone; OBS makes it again")
    (tmp_path / "elsewhere").rename(fake.clips)
    only((await obs.obs(configured(obs__start_replay_buffer=False, **right)))[1], Verdict.FAILED)
    fake.codes["GetReplayBufferStatus"] = 604
    only((await obs.obs(configured(**right)))[1], Verdict.FAILED, "Settings → Output")
    assert [request for _, request in fake.asked if request.startswith(("Start", "Save"))] == []


async def test_obs_that_is_not_used_is_no_failure(configured) -> None:
    assert {finding.verdict for finding in await obs.obs(configured())} == {Verdict.SKIPPED}


def test_a_configuration_that_cannot_be_read_is_the_one_finding(capsys) -> None:
    def broken() -> Loaded:
        raise ConfigError("c.yaml: overlay.port is 'x'", "allowed: a number")

    assert run.run_doctor(broken, as_json=False) == 1
    assert capsys.readouterr().out == "✕ configuration  c.yaml: overlay.port is 'x' — allowed: a number\n"


async def well(_loaded: Loaded) -> Finding:
    return Finding("x", Verdict.OK, "well")


def test_a_check_that_breaks_or_hangs_is_a_finding(monkeypatch, capsys, tmp_path) -> None:
    async def breaks(_loaded: Loaded) -> Finding:
        raise RuntimeError("inside")

    async def hangs(_loaded: Loaded) -> Finding:
        await asyncio.Event().wait()
        raise AssertionError

    for module, name in ((network, "network"), (network, "sign_server"), (machine, "database"), (obs, "obs")):
        monkeypatch.setattr(module, name, well)
    monkeypatch.setattr(network, "tiktok", breaks)
    monkeypatch.setattr(machine, "overlay_port", hangs)
    monkeypatch.setattr(run, "_SECONDS", 0.2)
    (tmp_path / "c.yaml").write_text("streams: []\n")
    assert run.run_doctor(lambda: load(tmp_path / "c.yaml"), as_json=True) == 1
    found = {one["hop"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert found["TikTok"]["verdict"] == found["overlay port"]["verdict"] == "failed"
    assert "RuntimeError" in found["TikTok"]["said"]
    assert "no result" in found["overlay port"]["said"]


def test_a_dead_disk_is_not_waited_for(monkeypatch, tmp_path) -> None:
    dead = threading.Event()

    async def looks_at_it(_loaded: Loaded) -> Finding:
        await asyncio.to_thread(dead.wait)
        raise AssertionError

    for module, name in ((network, "network"), (network, "sign_server"), (network, "tiktok"), (machine, "database")):
        monkeypatch.setattr(module, name, well)
    monkeypatch.setattr(machine, "overlay_port", well)
    monkeypatch.setattr(obs, "obs", looks_at_it)
    monkeypatch.setattr(run, "_SECONDS", 0.2)
    (tmp_path / "c.yaml").write_text("streams: []\n")
    begin = time.monotonic()
    assert run.run_doctor(lambda: load(tmp_path / "c.yaml"), as_json=True) == 1
    assert time.monotonic() - begin < 5
    dead.set()


async def test_the_command_says_it_and_leaves_with_one(simulator, tmp_path) -> None:
    file = tmp_path / "c.yaml"
    hosts = "\n".join(f"  {key.removeprefix('tiktok.')}: {value}" for key, value in settings(simulator).items())
    port = free_port()
    file.write_text(f"streams: [ana]\ntiktok:\n{hosts}\noverlay: {{port: {port}}}\n")

    async def doctor() -> tuple[int, str]:
        arguments = (sys.executable, "-m", "tui_live", "doctor", "-c", str(file), "--db", str(tmp_path / "x.db"))
        process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode is not None
        return process.returncode, out.decode()

    code, said = await doctor()
    assert (code, said.splitlines()[-1]) == (0, "Nothing stands in the way."), said
    with socket.create_server(("127.0.0.1", port)):
        code, said = await doctor()
    assert (code, said.splitlines()[-1]) == (1, "1 check failed."), said
