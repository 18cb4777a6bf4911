"""The real TikTokApi in the real Chromium against a stand-in for TikTok: videos, and every odd answer (FACTS)."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from aiohttp import web

from tests.core.videos import counts
from tests.trends.leftovers import browsers_at, drivers, main_process, send
from tests.trends.site import fresh, text, videos
from tests.waiting import until
from tui_live.core.trends import Kind, Trouble
from tui_live.errors import TrendsError
from tui_live.trends.outcome import Fetched

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def place(tmp_path_factory, monkeypatch) -> Path:
    """Where temporary files are."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_is_left(one_site, place):
    """No browser, no driver and no file outlives a run, however it ends."""
    yield
    assert (browsers_at(one_site.port), drivers(), list(place.iterdir())) == ([], [], [])


def told(outcome: object, kind: Kind, *words: str) -> Trouble:
    assert isinstance(outcome, Trouble), outcome
    assert outcome.kind is kind, outcome
    for word in words:
        assert word in str(outcome)
    assert outcome.line and outcome.remedy and str(outcome).isprintable() and len(str(outcome)) < 240
    return outcome


def numbers(outcome: object) -> list[int]:
    assert isinstance(outcome, Fetched), outcome
    return [int(video.post_id[-4:]) for video in outcome.videos]


async def test_videos_of_several_pages_come_once_each_and_no_more_than_were_asked_for(site, run) -> None:
    site.plays(
        videos(*fresh(30), more=True),
        videos(*fresh(30, first=21), more=True),
        videos(*fresh(30, first=51), more=True),
    )
    said: list[tuple[str, float]] = []
    outcome = await run(limit=64, progress=lambda line, share: said.append((line, share)))
    assert numbers(outcome) == list(range(1, 65))
    assert (outcome.items, outcome.duplicates, outcome.cut_short) == (90, 10, None)
    assert [dict(request.query)["count"] for request in site.requests] == ["30"] * 3
    assert len({request.query["_"] for request in site.requests}) == 3
    assert all(request.query["X-Bogus"].startswith("signed") for request in site.requests)
    assert {request.query["msToken"] for request in site.requests} == {"of-the-page"}
    assert ("50 of 64 videos", pytest.approx(0.3 + 0.65 * 50 / 64)) in said
    assert [share for _, share in said] == sorted(share for _, share in said)


async def test_settings_reach_the_browser_and_the_log_stays_off_the_terminal(site, run, capfd, caplog) -> None:
    site.plays(videos(*fresh(1), more=True), text("", status=429, **{"Retry-After": "7"}))
    outcome = await run(ms_tokens=("s3cret",), user_agent="Mozilla/5.0 (ours)", limit=5)
    assert numbers(outcome) == [1]  # what was gathered before a trouble counts
    assert told(outcome.cut_short, Kind.LIMITED, "429").retry_after_s == 7
    request = site.requests[0]
    assert request.query["msToken"] == "s3cret" and request.cookies["msToken"] == "s3cret"
    assert request.headers["User-Agent"] == "Mozilla/5.0 (ours)"
    assert site.says_robot == "undefined"
    assert "s3cret" not in caplog.text
    assert capfd.readouterr() == ("", "")
    assert not logging.getLogger("TikTokApi").handlers


ODD_ANSWERS = {
    "nothing": (text(""), Kind.BLOCKED, "nothing: it takes the browser for a robot — set trends.ms_tokens"),
    "429 without JSON": (text("slow down", status=429, **{"Retry-After": "90"}), Kind.LIMITED, "429"),
    "429 with JSON": (text('{"statusCode": 0}', "application/json", 429), Kind.LIMITED, "takes no more requests"),
    "HTML": (text("\n<!doctype html><p>", "text/html"), Kind.BLOCKED, "a web page in place of videos"),
    "endless empty lists": (videos(more=True), Kind.EMPTY, "without a single video"),
}


@pytest.mark.parametrize("name", ODD_ANSWERS)
async def test_odd_answers_end_in_one_line_with_a_remedy(name, site, run) -> None:
    answer, kind, words = ODD_ANSWERS[name]
    site.plays(answer)
    trouble = told(await run(), kind, words)
    assert trouble.retry_after_s == (90 if name == "429 without JSON" else 0)
    assert 1 <= len(site.requests) <= 3


async def test_malformed_items_do_not_cost_the_others(site, run) -> None:
    good = fresh(2)
    odd = [None, 5, {"desc": "no id"}, {"id": "77"}, {"id": "78", "author": 5, "music": None, "challenges": {}}]
    site.plays(videos(good[0], *odd, good[1] | counts("12", None, "x") | {"createTime": None}))
    outcome = await run()
    assert numbers(outcome) == [1, 77, 78, 2]
    assert outcome.unreadable == {"no item": 2, "no id": 1}
    assert {"comments missing", "shares is no number", "time of posting missing"} <= set(outcome.videos[-1].problems)


async def test_an_answer_that_never_comes_ends_in_time(site, run) -> None:
    site.plays(site.hang)
    began = time.monotonic()
    told(await run({"fetch_s": 0.5}), Kind.TIME, "did not answer within 0.5 s")
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("page", "limits", "kind", "words"),
    [
        ("hang", {"page_s": 0.5}, Kind.TIME, "did not answer within 0.5 s"),
        ("429", {}, Kind.LIMITED, "429"),
        ("captcha", {"sign_s": 0.5}, Kind.BLOCKED, "has not what signs requests"),
    ],
)
async def test_a_page_that_cannot_be_used_ends_in_one_line(page, limits, kind, words, site, run) -> None:
    site.plays(videos(*fresh(1)), page=page)
    trouble = told(await run(limits), kind, words)
    assert trouble.retry_after_s == (120 if page == "429" else 0)
    assert site.requests == []


async def test_a_page_that_is_never_idle_is_used_all_the_same(site, run) -> None:
    site.plays(videos(*fresh(2)), page="never idle")
    assert numbers(await run({"idle_s": 0.3})) == [1, 2]


async def test_a_browser_that_is_killed_is_replaced_and_what_was_gathered_stays(site, run) -> None:
    async def killing(request: web.Request) -> web.Response:
        send(site.port, signal.SIGKILL)
        return await site.hang(request)

    site.plays(videos(*fresh(2), more=True), killing, videos(*fresh(3, first=2)))
    assert numbers(await run({"attempts": 2})) == [1, 2, 3, 4]
    assert site.opened == 2


async def test_where_tiktok_asks_to_wait_no_second_browser_is_started(site, run) -> None:
    site.plays(text("", status=503, **{"Retry-After": "120"}), videos(*fresh(2)))
    assert told(await run({"attempts": 2}), Kind.NETWORK, "503").retry_after_s == 120
    assert site.opened == 1


async def test_a_browser_that_is_killed_each_time_is_told(site, run) -> None:
    async def killing(request: web.Request) -> web.Response:
        send(site.port, signal.SIGKILL)
        return await site.hang(request)

    site.plays(killing)
    told(await run(), Kind.BROWSER_DIED, "ended while it was in use")


async def test_a_block_and_then_silence_are_both_told(site, run) -> None:
    site.plays(text(""), site.hang)
    trouble = told(
        await run({"attempts": 2, "fetch_s": 0.5}), Kind.BLOCKED, "robot; then: TikTok did not answer within"
    )
    assert "trends.ms_tokens" in trouble.remedy


async def test_a_browser_that_is_frozen_is_killed(site, run) -> None:
    async def freezing(request: web.Request) -> web.Response:
        send(site.port, signal.SIGSTOP)
        return await site.hang(request)

    site.plays(freezing)
    told(await run({"fetch_s": 0.4, "close_s": 0.6}), Kind.TIME, "gave no answer within 0.4 s")


@pytest.mark.parametrize("frozen", [False, True])
async def test_a_driver_that_is_killed_leaves_neither_browser_nor_profile(frozen, site, run, place) -> None:
    async def killing(request: web.Request) -> web.Response:
        assert list(place.glob(f"tui-live-{os.getpid()}-*/playwright_chromiumdev_profile-*"))
        if frozen:
            send(site.port, signal.SIGSTOP)
        for driver in drivers():
            os.kill(driver, signal.SIGKILL)
        return await site.hang(request)

    site.plays(killing)
    told(await run({"close_s": 1}), Kind.BROWSER_DIED, "ended while it was in use")


async def test_what_a_killed_program_left_is_removed_and_nothing_else(site, run, place) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    stale, others = place / f"tui-live-{dead.pid}-abc", [place / "tui-live-1-abc", place / "tui-live-x-abc"]
    for folder in (stale, *others):
        (folder / "profile").mkdir(parents=True)
    site.plays(videos(*fresh(1)))
    assert numbers(await run()) == [1]
    assert sorted(place.iterdir()) == sorted(others)
    for folder in others:
        shutil.rmtree(folder)


async def test_no_place_for_the_browsers_files_is_told(run, place, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(place / "none"))
    told(await run(), Kind.BROWSER, "no place for the browser's files", "TMPDIR")


async def test_the_whole_run_has_a_limit(site, run) -> None:
    site.plays(videos(), page="hang")
    began = time.monotonic()
    told(await run({"run_s": 0.5}, limit=1), Kind.TIME, "was not done within 0.5 s")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("at", ["once", "while the driver starts", "during a request"])
async def test_a_run_can_be_cancelled(at, site, run) -> None:
    begun = asyncio.Event()
    site.plays(site.hang)
    task = asyncio.create_task(run(progress=lambda line, share: begun.set()))
    await begun.wait()
    if at == "while the driver starts":
        await until(drivers)
    elif at == "during a request":
        await site.asked.wait()
        assert main_process(site.port)
    with pytest.raises(TrendsError, match="already"):
        await run()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_browser_that_is_not_there_or_does_not_start_is_told(run, tmp_path, monkeypatch) -> None:
    told(await run(executable_path=tmp_path / "none"), Kind.BROWSER_MISSING, "correct trends.executable_path")
    told(await run(executable_path=tmp_path), Kind.BROWSER_MISSING, "There is no browser at")
    plain = tmp_path / "plain"
    plain.touch(mode=0o600)
    told(await run(executable_path=plain), Kind.BROWSER_MISSING, "may be started")
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'no library \033[31m' >&2\nexit 3\n")
    failing.chmod(0o755)
    told(await run(executable_path=failing), Kind.BROWSER, "did not start", "by hand")
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 30\n")
    silent.chmod(0o755)
    told(await run({"launch_s": 0.5}, executable_path=silent), Kind.BROWSER, "did not start within 0.5 s")
    monkeypatch.setenv("PATH", str(tmp_path))
    told(await run(), Kind.BROWSER_MISSING, "apt install chromium")
    told(await run(browser="firefox"), Kind.BROWSER_MISSING, "playwright install firefox")


async def test_a_network_or_proxy_that_does_not_lead_anywhere_is_told(site, run) -> None:
    lost = ("--host-resolver-rules=MAP * ~NOTFOUND",)
    told(await run(browser_args=lost), Kind.NETWORK, "cannot be reached", "ERR_NAME_NOT_RESOLVED")
    proxy = "http://me:s3cret@127.0.0.1:1"
    trouble = told(await run(proxy=proxy, browser_args=()), Kind.NETWORK, "trends.proxy")
    assert "s3cret" not in str(trouble)


async def test_an_answer_that_is_too_large_is_left(site, run, monkeypatch) -> None:
    monkeypatch.setattr("tui_live.trends.client.LARGEST_ANSWER", 1_000)
    site.plays(text(json.dumps({"itemList": fresh(30)})))
    told(await run(), Kind.ODD, "larger than")


async def test_a_page_that_downloads_and_opens_windows_gets_nowhere(site, run, place) -> None:
    downloaded: list[Path] = []

    async def once_tamed(request: web.Request) -> web.Response:
        async with asyncio.timeout(30):
            await site.tamed.wait()
        assert list(place.rglob("playwright-artifacts-*"))
        downloaded.extend(place.rglob("playwright-artifacts-*/*"))
        return await videos(*fresh(1))(request)

    site.plays(once_tamed, page="greedy")
    assert numbers(await run()) == [1]
    assert downloaded == [] and "/worker.js" not in site.strayed
