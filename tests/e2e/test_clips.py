"""The whole way: what somebody types in a stream is a file with a name, and a row that says who, why and when."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.e2e.conftest import free_port, query, run_serve
from tests.obs.real import RealObs, missing
from tests.waiting import until
from tui_live.core.clips import ClipState, ObsState
from tui_live.core.log import NOTE, TEXT, TRIGGER, TYPE
from tui_live.core.status import State
from tui_live.errors import ClipError, TriggerError
from tui_live.simulator import SCENARIOS, faults

CALM = msgspec.structs.replace(SCENARIOS["calm"], timeline=(), history=0)


def obs_settings(obs: RealObs) -> dict[str, object]:
    return {"obs__enabled": True, "obs__host": "127.0.0.1", "obs__port": obs.port, "obs__password": obs.password}


def told(watching: Any) -> list[str]:
    """Lines of the log about triggers."""
    log = watching.engine.log
    rows = [log.row(seq) for seq in range(log.first_seq, log.next_seq)]
    return [row[TEXT] for row in rows if row[TYPE] == NOTE and row[3] == TRIGGER]


@pytest.mark.skipif(bool(missing()), reason=f"a real OBS cannot run here: {missing()}")
async def test_clip_that_is_typed_and_a_moment_later_the_clip_is_there(simulators, watch, tmp_path: Path) -> None:
    obs = RealObs(tmp_path)
    await obs.start()
    try:
        simulator = await simulators(ana=CALM)
        given = obs_settings(obs) | {"obs__merge_window_seconds": 0.5}
        watching = await watch(simulator, "ana", triggers=["clip that"], **given)
        clips = watching.engine.clips
        await watching.until_state("ana", State.LIVE)
        await until(lambda: clips.obs.ready)
        await asyncio.sleep(1.5)  # OBS does not tell when its buffer holds a picture
        simulator.inject("ana", faults.Say(text="before it"))
        simulator.inject("ana", faults.Say(text="please CLIP that!"))
        await until(lambda: told(watching))
        # A moment later, with the length of the video, the row is complete.
        await until(lambda: query(watching.path, "SELECT 1 FROM clips WHERE state = 'saved' AND duration_ms > 0"))
        [clip] = await clips.clips()
        assert clip.state is ClipState.SAVED
        cause = clip.causes[0]
        assert Path(clip.path).is_file()
        assert clip.name.startswith(f"{cause.username}_clip that_")
        assert [file.name for file in obs.clips.iterdir()] == [clip.name]
        assert (cause.message, cause.stream, cause.session_id) == (
            *("please CLIP that!", "ana"),
            watching.view("ana").session_id,
        )
        await until(lambda: query(watching.path, "SELECT chat FROM clips WHERE chat <> '[]'"))
        chat = (await clips.clip(clip.number)).chat
        assert [line.text for line in chat][-2:] == ["before it", "please CLIP that!"]
        [line] = told(watching)
        assert line.startswith("please CLIP that! → saved, ")
        [view] = clips.rules()
        assert (view.matches, view.last_clip) == (1, clip.name)
        await asyncio.sleep(1)  # what comes sooner joins the clip that is there
        await clips.clip_now("ana")
        await until(lambda: len(told(watching)) == 2)
        await until(lambda: query(watching.path, "SELECT 1 FROM clips WHERE id = 2 AND state = 'saved'"))
        by_hand = (await clips.clips())[0]
        assert by_hand.name.startswith("ana_manual_")
        assert await clips.rename_clip(by_hand.number, "../the: best?") == "_the_ best_.mkv"
        await clips.delete_clip(clip.number)
        assert (await clips.clip(clip.number)).state is ClipState.DELETED
        assert [file.name for file in obs.clips.iterdir()] == [(await clips.clip(by_hand.number)).name]
        await watching.close()
    finally:
        await asyncio.to_thread(obs.close)


async def test_without_obs_every_match_is_a_failure_with_a_reason_and_capture_goes_on(simulators, watch) -> None:
    simulator = await simulators(ana=CALM)
    watching = await watch(simulator, "ana", triggers=["clip that"], obs__enabled=True, obs__port=free_port())
    clips = watching.engine.clips
    await watching.until_state("ana", State.LIVE)
    await until(lambda: clips.obs.state is ObsState.ABSENT)
    for number in range(3):
        simulator.inject("ana", faults.Say(text=f"clip that {number}"))
    await until(lambda: clips.rules()[0].matches == 3)
    # One line at once, and one for those who asked for the same within a second.
    await until(lambda: len(told(watching)) == 2)
    assert all("OBS is not running" in line for line in told(watching))
    assert told(watching)[1].endswith(" … and 1 more")
    found = [clip for clip in await clips.clips() if clip.state is ClipState.FAILED]
    assert sorted(cause.message for clip in found for cause in clip.causes) == [f"clip that {n}" for n in range(3)]
    with pytest.raises(ClipError, match="OBS is not running"):
        await clips.clip_now("ana")
    with pytest.raises(ClipError, match="is watched"):
        await clips.clip_now("nobody")
    assert watching.engine.health().obs.state is ObsState.ABSENT
    await watching.close()


async def test_without_a_screen_it_is_heard_that_obs_is_away_and_that_clips_fail(simulators, tmp_path) -> None:
    simulator = await simulators(ana=CALM)
    extra = f"obs: {{enabled: true, port: {free_port()}}}\ntriggers: [clip that]\n"
    process = await run_serve(simulator, tmp_path, "ana", sections=extra)
    heard: list[str] = []
    assert process.stderr is not None

    async def until_heard(text: str) -> str:
        async with asyncio.timeout(20):
            while True:
                line = (await process.stderr.readline()).decode()
                assert line, heard
                heard.append(line)
                if text in line:
                    return line

    try:
        assert " — " in await until_heard("OBS: OBS is not running")
        await until_heard("@ana: live")
        for _ in range(5):
            simulator.inject("ana", faults.Say(text="please clip that"))
        assert "OBS is not running" in await until_heard("(clip that) in @ana: no clip: ")
    finally:
        process.terminate()
        _, rest = await asyncio.wait_for(process.communicate(), 20)
    whole = "".join(heard) + rest.decode()
    assert whole.count("no clip") == 1, "one line for a clip, not for each who asked"


async def test_what_tiktok_repeats_asks_for_nothing(simulators, watch) -> None:
    simulator = await simulators(ana=msgspec.structs.replace(CALM, history=20))
    watching = await watch(simulator, "ana", triggers=[{"word": ".", "match": "regex"}], obs__port=free_port())
    await watching.until_state("ana", State.LIVE)
    await until(lambda: watching.view("ana").events > 20)
    assert query(watching.path, "SELECT count(*) > 0 FROM events WHERE history AND event_type = 'chat'") == [(1,)]
    live = "SELECT count(*) FROM events WHERE NOT history AND event_type = 'chat'"
    await watching.close()
    assert watching.engine.clips.rules()[0].matches == query(watching.path, live)[0][0]


async def test_rules_are_changed_taken_back_and_saved(simulators, watch, tmp_path) -> None:
    simulator = await simulators(ana=CALM)
    watching = await watch(simulator, "ana", obs__port=free_port())
    clips = watching.engine.clips
    number = clips.add_rule("hype")
    clips.change_rule(number, {"word": "hype", "match": "word", "cooldown_seconds": 5})
    clips.add_rule({"gift_coins": 100})
    assert clips.switch_rule(number) is False
    assert clips.undo_rules() == "undone: that “hype” was switched off"
    path = await watching.engine.save_config()
    assert "word: hype" in path.read_text() and "gift_coins: 100" in path.read_text()
    await watching.until_state("ana", State.LIVE)
    simulator.inject("ana", faults.Say(text="such hype"))
    await until(lambda: clips.rules()[0].matches == 1)
    assert "removed" in clips.remove_rule(number)
    assert [view.rule.label for view in clips.rules()] == ["gift-100"]
    for wanted in ("", {"word": "(", "match": "regex"}, {"word": "a", "gift_coins": 3}, {"wurd": "a"}, 7, None):
        with pytest.raises(TriggerError, match="allowed") as refused:
            clips.add_rule(wanted)
        assert "\n" not in str(refused.value)
    await watching.close()


async def test_a_rule_is_rehearsed_on_what_was_recorded(simulators, watch) -> None:
    simulator = await simulators(ana=CALM)
    watching = await watch(simulator, "ana", obs__port=free_port())
    clips = watching.engine.clips
    await watching.until_state("ana", State.LIVE)
    for number in range(4):
        simulator.inject("ana", faults.Say(text=f"what a play {number}"))
    sql = "SELECT count(*) FROM events WHERE message LIKE 'what a play%'"
    await until(lambda: query(watching.path, sql) == [(4,)])
    key = watching.view("ana").session_id
    seen = [step async for step in clips.dry_run({"word": "a play", "match": "word"}, key)]
    assert seen[-1][1] == 4
    assert [event.row[TEXT] for step in seen for event in step[2]] == [f"what a play {n}" for n in range(4)]
    seen = [step async for step in clips.dry_run({"word": "a play", "cooldown_seconds": 3600}, key)]
    assert seen[-1][1] == 1
    await watching.close()
