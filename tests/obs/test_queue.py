"""No cause vanishes: it ends in a clip with its own name, in one that keeps OBS's, or in a failure with a reason."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.obs.causes import cause
from tests.obs.fake import FakeObs
from tests.obs.ledgers import MemoryLedger
from tests.obs.stand import Stand, standing
from tui_live.core.clips import Clip, ClipState, ObsState
from tui_live.obs import finishing, locating, queue, renaming
from tui_live.obs.renaming import ClipFileError


def who(clip: Clip) -> list[str]:
    return [one.username for one in clip.causes]


async def ready(stand: Stand) -> None:
    await stand.until_state(ObsState.READY)


def refusing(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Renames are refused so long, as by a program that has the file open."""
    real, until = renaming.rename, time.monotonic() + seconds

    def rename(source: Path, target: Path) -> bool:
        if time.monotonic() < until:
            raise ClipFileError(f"{source} is locked", "close what has it open")
        return real(source, target)

    monkeypatch.setattr(renaming, "rename", rename)


class TestTheWayOfAClip:
    async def test_it_is_saved_under_its_own_name(self, obs: FakeObs) -> None:
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice", "clip that"))
            (clip,) = await stand.until_told()

        assert clip.state is ClipState.SAVED and not clip.reason and not clip.target
        assert clip.name.startswith("alice_clip that_20") and clip.name.endswith("M.mkv")
        assert [path.name for path in obs.clips.iterdir()] == [clip.name]
        assert clip.size == len(b"a replay")
        assert clip.requested_ms <= clip.saved_ms

    async def test_its_row_is_always_ahead_of_the_file(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        ledger = MemoryLedger()
        real = renaming.rename
        rows: list[Clip] = []

        def rename(source: Path, target: Path) -> bool:
            rows.append(ledger.rows[0])
            assert source.exists() and not target.exists()
            return real(source, target)

        monkeypatch.setattr(renaming, "rename", rename)
        async with standing(obs.port, ledger=ledger) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
            await stand.until(lambda: ledger.rows[0].state is ClipState.SAVED)

        (row,) = rows
        assert row.state is ClipState.RENAMING
        assert (Path(row.path).name[:6], row.target) == ("Replay", clip.path)
        assert ledger.states[0].state is ClipState.REQUESTED

    async def test_a_ledger_that_hangs_holds_up_neither_request_nor_name(self, obs: FakeObs) -> None:
        ledger = MemoryLedger()
        ledger.held.clear()
        async with standing(obs.port, ledger=ledger) as stand:
            await ready(stand)
            asked = time.monotonic()
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
            assert obs.times("SaveReplayBuffer")[0] - asked < 0.1
            assert Path(clip.path).exists() and not ledger.rows
            ledger.held.set()
            await stand.until(lambda: ledger.rows and ledger.rows[0].state is ClipState.SAVED)

    async def test_names_that_are_taken_get_a_number(self, obs: FakeObs) -> None:
        async with standing(obs.port, clip_name="{trigger}", merge_window_seconds=0) as stand:
            await ready(stand)
            (obs.clips / "a.mkv").write_text("somebody's")
            stand.clips.ask(cause(trigger="a"))
            (clip,) = await stand.until_told()

        assert clip.name == "a_2.mkv"
        assert (obs.clips / "a.mkv").read_text() == "somebody's"

    async def test_a_folder_of_ones_own(self, obs: FakeObs, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        async with standing(obs.port, clip_dir=tmp_path / "mine") as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()

        assert Path(clip.path).parent == tmp_path / "mine" and Path(clip.path).exists()
        assert not list(obs.clips.iterdir())


class TestMerging:
    async def test_matches_until_the_file_is_there_join(self, obs: FakeObs) -> None:
        obs.write_seconds = 0.5
        async with standing(obs.port, merge_window_seconds=0) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice"))
            await stand.until(lambda: obs.times("SaveReplayBuffer"))
            stand.clips.ask(cause("bob"))
            (clip,) = await stand.until_told()

        assert who(clip) == ["alice", "bob"]
        assert clip.name.startswith("alice_")

    async def test_matches_within_the_window_join_a_clip_that_is_there(self, obs: FakeObs) -> None:
        async with standing(obs.port, merge_window_seconds=30) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice"))
            await stand.until_told()
            stand.clips.ask(cause("bob"))
            await stand.until(lambda: len(stand.ledger.rows[0].causes) == 2)

        assert who(stand.ledger.rows[0]) == ["alice", "bob"]
        assert stand.ledger.rows[0].state is ClipState.SAVED
        assert len(stand.told) == len(obs.times("SaveReplayBuffer")) == 1

    async def test_requests_are_a_second_apart_and_nobody_is_lost(self, obs: FakeObs) -> None:
        async with standing(obs.port, merge_window_seconds=0) as stand:
            await ready(stand)
            for number in range(3):
                stand.clips.ask(cause(f"early{number}"))
                await stand.until_told(number + 1)
                stand.clips.ask(cause(f"late{number}"))
            await stand.until_told(4)

        assert len(obs.times("SaveReplayBuffer")) == 4
        # When each was asked for, by the ledger: on its way to OBS a busy machine may hold one up.
        asked = sorted(clip.requested_ms for clip in stand.ledger.rows)
        assert min(after - before for before, after in pairwise(asked)) >= 950
        assert sorted(name for clip in stand.ledger.rows for name in who(clip)) == sorted(
            f"{when}{number}" for when in ("early", "late") for number in range(3)
        )
        assert len({clip.path for clip in stand.told}) == len(list(obs.clips.iterdir())) == 4

    async def test_nobody_joins_a_clip_that_the_operator_took_in_hand(self, obs: FakeObs) -> None:
        async with standing(obs.port, merge_window_seconds=30) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice"))
            await stand.until(lambda: stand.ledger.rows and stand.ledger.rows[0].state is ClipState.SAVED)
            await stand.clips.release(1)
            stand.clips.ask(cause("bob"))
            await stand.until_told(2)
            assert who(stand.ledger.rows[0]) == ["alice"]
            await stand.until(lambda: len(stand.ledger.rows) == 2 and who(stand.ledger.rows[1]) == ["bob"])


class TestFailures:
    async def test_obs_that_is_not_ready_fails_at_once_and_says_what_to_do(self, obs: FakeObs) -> None:
        async with standing(obs.port, "another") as stand:
            await stand.until_state(ObsState.REFUSED)
            stand.clips.ask(cause("alice"))
            assert len(stand.told) == 1
            stand.clips.ask(cause("bob"))
            await stand.until(lambda: stand.ledger.rows and len(stand.ledger.rows[0].causes) == 2)

        (clip,) = stand.told
        assert clip.state is ClipState.FAILED
        assert "does not take the password" in clip.reason and "set obs.password" in clip.reason

    async def test_switched_off(self, obs: FakeObs) -> None:
        async with standing(obs.port, enabled=False) as stand:
            stand.clips.ask(cause())
            assert "set obs.enabled" in stand.told[0].reason

    async def test_a_failure_does_not_swallow_what_comes_when_obs_is_ready(self, obs: FakeObs) -> None:
        await obs.stop()
        async with standing(obs.port, merge_window_seconds=600) as stand:
            await stand.until_state(ObsState.ABSENT)
            stand.clips.ask(cause("alice"))
            await obs.start()
            await ready(stand)
            stand.clips.ask(cause("bob"))
            await stand.until_told(2)
        assert [(clip.state, who(clip)) for clip in stand.told] == [
            (ClipState.FAILED, ["alice"]),
            (ClipState.SAVED, ["bob"]),
        ]

    @pytest.mark.parametrize(("code", "words"), [(501, "is not running"), (604, "switched off"), (702, "code 702")])
    async def test_obs_refuses(self, obs: FakeObs, code: int, words: str) -> None:
        obs.codes = {"SaveReplayBuffer": code}
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and words in clip.reason

    async def test_no_file_in_time(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queue, "FILE_SECONDS", 0.3)
        obs.tells = False
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and "wrote no file within" in clip.reason

    async def test_said_but_not_written(self, obs: FakeObs) -> None:
        obs.writes = False
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and "could not write" in clip.reason and "disk full" in clip.reason

    async def test_the_folder_is_gone(self, obs: FakeObs) -> None:
        obs.writes = False
        async with standing(obs.port) as stand:
            await ready(stand)
            await stand.until(lambda: stand.clips._queue._seen_folder)
            obs.clips.rmdir()
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and "is gone" in clip.reason

    async def test_obs_ends_in_between(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queue, "FILE_SECONDS", 1.0)
        obs.write_seconds = 60
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            await stand.until(lambda: obs.times("SaveReplayBuffer"))
            await obs.stop()
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and "is gone" in clip.reason and "start OBS" in clip.reason


class TestRenamesThatFail:
    async def test_they_are_tried_again(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        refusing(monkeypatch, 1.0)
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            await stand.until(lambda: any("is locked" in row.reason for row in stand.ledger.rows))
            assert stand.ledger.rows[0].state is ClipState.RENAMING
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.SAVED and not clip.reason

    async def test_in_the_end_the_clip_keeps_obs_name(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        refusing(monkeypatch, 600)
        monkeypatch.setattr(finishing.Finisher.__init__, "__defaults__", (0.5,))
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.KEPT and "close what has it open" in clip.reason
        assert clip.name.startswith("Replay ") and Path(clip.path).exists() and clip.size

    async def test_a_clip_that_somebody_removed_says_so(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        refusing(monkeypatch, 0.5)
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            await stand.until(lambda: stand.ledger.rows and stand.ledger.rows[0].reason)
            next(obs.clips.iterdir()).unlink()
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and "renamed or removed" in clip.reason

    async def test_a_second_clip_waits_for_the_name_of_the_first(
        self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusing(monkeypatch, 1.5)
        obs.write_seconds = 0.8
        async with standing(obs.port, merge_window_seconds=0) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice"))
            await stand.until(lambda: stand.ledger.rows and stand.ledger.rows[0].state is ClipState.RENAMING)
            there = time.monotonic()
            stand.clips.ask(cause("bob"))
            await stand.until_told(2)
        # OBS names files by the second: what still has its name may not meet another.
        assert obs.times("SaveReplayBuffer")[1] - there > 0.9
        assert [clip.state for clip in stand.told] == [ClipState.SAVED] * 2


class TestSavesOfTheOperator:
    """They look the same. They are left alone, and never taken for ours."""

    async def test_when_nobody_waits(self, obs: FakeObs) -> None:
        async with standing(obs.port) as stand:
            await ready(stand)
            await obs.save()
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert len(list(obs.clips.glob("Replay *"))) == 1
        assert clip.state is ClipState.SAVED

    async def test_when_one_was_being_written_already(self, obs: FakeObs) -> None:
        if not locating.born_ns(obs.clips):
            pytest.skip("this file system does not know when a file was made")
        async with standing(obs.port) as stand:
            await ready(stand)
            theirs = obs.save(0.6)
            await asyncio.sleep(0.2)
            obs.write_seconds = 0.9
            stand.clips.ask(cause())
            await theirs
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.SAVED
        (left,) = obs.clips.glob("Replay *")
        assert locating.born_ns(left) < locating.born_ns(Path(clip.path))

    async def test_one_file_for_both(self, obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queue, "FILE_SECONDS", 1.0)
        async with standing(obs.port) as stand:
            await ready(stand)
            await asyncio.sleep(0.5)  # what was in the folder before has been looked at
            obs.save(0.4)
            await asyncio.sleep(0.2)
            obs.write_seconds = 60
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.KEPT and "one file" in clip.reason
        assert clip.name.startswith("Replay ") and Path(clip.path).exists()


class TestAnotherMachine:
    async def test_a_clip_that_is_out_of_reach_is_kept_under_obs_name(self, obs: FakeObs) -> None:
        obs.named = r"D:\Video\Replay 2026-01-01 12-00-00.mkv"
        async with standing(obs.port) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.KEPT and "set obs.clip_dir" in clip.reason
        assert (clip.path, clip.name) == (obs.named, "Replay 2026-01-01 12-00-00.mkv")

    @pytest.mark.parametrize("folder", ["D:\\Video\\", "C:/Users/dana/", "//nas/share/", "/home/dana/Videos/"])
    async def test_its_folder_as_mounted_here(self, obs: FakeObs, tmp_path: Path, folder: str) -> None:
        mounted = tmp_path / "mounted"
        mounted.mkdir()
        obs.named = f"{folder}Replay 2026-01-01 12-00-00.mkv"
        obs.writes = False
        async with standing(obs.port, clip_dir=mounted) as stand:
            await ready(stand)
            stand.clips.ask(cause("alice"))
            # It gets there later than OBS's word.
            await stand.until(lambda: stand.ledger.rows and stand.ledger.rows[0].saved_ms)
            (mounted / "Replay 2026-01-01 12-00-00.mkv").write_bytes(b"video")
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.SAVED
        assert [path.name for path in mounted.iterdir()] == [clip.name]
        assert clip.name.startswith("alice_")

    async def test_the_wrong_folder_is_told(
        self, obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queue, "FILE_SECONDS", 0.6)
        obs.named = r"D:\Video\Replay 1.mkv"
        async with standing(obs.port, clip_dir=tmp_path) as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.KEPT and "Replay 1.mkv is not in" in clip.reason

    @pytest.mark.parametrize("named", ["", "/", "..", r"C:\..", "a\0b"])
    async def test_a_name_that_is_none(self, obs: FakeObs, tmp_path: Path, named: str) -> None:
        obs.named = named or None
        obs.writes = bool(named)
        async with standing(obs.port, clip_dir=tmp_path / "none") as stand:
            await ready(stand)
            stand.clips.ask(cause())
            (clip,) = await stand.until_told()
        assert clip.state is ClipState.FAILED and clip.reason
