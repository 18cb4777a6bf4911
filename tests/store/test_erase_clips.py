"""Clips lose a person whom an erase takes out: their words, who they were, and the name of the file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec import structs

from tests.store.conftest import NOW_MS, batch, chat
from tests.store.test_clips import cause, clip
from tests.store.test_erase import RAIN, bytes_of
from tests.store.test_recorder import record
from tui_live.core.clips import ClipState
from tui_live.errors import TuiLiveError
from tui_live.obs.unnaming import Unnaming
from tui_live.store.clips import ClipLedger
from tui_live.store.database import open_reader
from tui_live.store.erase import erase


@pytest.fixture
async def clipped(recorder, reader, path, tmp_path) -> list[Path]:
    """Three clips: one named after the person, one that they joined, one on another machine."""
    ledger = ClipLedger(recorder, reader)
    session = await record(
        recorder,
        batch(chat("clip that, xylophone", RAIN, time_ms=NOW_MS - 5), chat("ask @rain_maker77", time_ms=NOW_MS - 4)),
    )
    folder = tmp_path / "clips"
    folder.mkdir()
    theirs = cause(
        session.id, username=RAIN.handle, user_id=RAIN.user_id, nickname=RAIN.nickname, message="clip that, xylophone"
    )
    files = [folder / "rain_maker77_clip that_2026.mkv", folder / "king_clip that_2026.mkv"]
    for file in files:
        file.write_bytes(b"video")
    for causes, place in (
        ((theirs, cause(session.id)), str(files[0])),
        ((cause(session.id), theirs), str(files[1])),
        ((theirs,), r"D:\videos\Rain_Maker77_x.mkv"),
    ):
        entry = await ledger.add(clip(*causes))
        done = {"state": ClipState.SAVED, "path": place, "target": place}
        await ledger.update(structs.replace(entry, **done, reason=f"{place} is on another machine"))
    await recorder._database.close()
    return files


async def entries(path: Path):
    reader = await open_reader(path)
    try:
        ledger = ClipLedger(None, reader)
        return [await ledger.clip(number) for number in (1, 2, 3)]
    finally:
        await reader.close()


async def test_nothing_of_them_stays_in_ledger_and_file_names(clipped, path, tmp_path) -> None:
    assert b"xylophone" in bytes_of(path)
    taken = clipped[0].with_name("erased_clip that_2026.mkv")
    taken.write_bytes(b"somebody else's")
    await erase(path, "@rain_maker77", files=Unnaming())
    for needle in (RAIN.user_id, RAIN.handle, RAIN.nickname, "xylophone"):
        assert needle.lower().encode() not in bytes_of(path).lower()
    assert sorted(file.name for file in clipped[0].parent.iterdir()) == [
        *("erased_clip that_2026.mkv", "erased_clip that_2026_2.mkv", "king_clip that_2026.mkv")
    ]
    assert taken.read_bytes() == b"somebody else's"
    first, second, third = await entries(path)
    assert (first.name, first.causes[0].username, first.causes[0].message) == (
        *("erased_clip that_2026_2.mkv", "erased", ""),
    )
    assert first.causes[1].username == "king"
    assert [line.text for line in first.chat] == ["ask @erased"]
    assert (second.name, second.causes[1].username) == ("king_clip that_2026.mkv", "erased")
    assert third.path == r"D:\videos\erased_x.mkv"


async def test_an_erase_that_fails_gives_the_files_their_names_back(clipped, path, monkeypatch) -> None:
    def commit(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("tui_live.store.erase._commit", commit)
    with pytest.raises(TuiLiveError, match="nothing was erased"):
        await erase(path, "@rain_maker77", files=Unnaming())
    assert all(file.exists() for file in clipped)
    assert [entry.name for entry in await entries(path)][:2] == [file.name for file in clipped]


async def test_a_file_that_cannot_be_renamed_keeps_everything_as_it_was(clipped, path, monkeypatch) -> None:
    def refused(self, target):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(TuiLiveError, match="locked, or the rights"):
        await erase(path, "@rain_maker77", files=Unnaming())
    assert [entry.causes[0].username for entry in await entries(path)] == [RAIN.handle, "king", RAIN.handle]
    assert sorted(file.name for file in clipped[0].parent.iterdir()) == sorted(file.name for file in clipped)
