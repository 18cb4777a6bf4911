"""Clips lose a person whom an erase takes out: their words, who they were, and the name of the file."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import structs

from tests.store.conftest import NOW_MS, batch, chat
from tests.store.test_clips import cause, clip
from tests.store.test_erase import RAIN, bytes_of
from tests.store.test_recorder import record
from tui_live.core.clips import ClipState
from tui_live.errors import TuiLiveError
from tui_live.obs.naming import clip_name
from tui_live.obs.unnaming import Unnaming
from tui_live.store.clips import ClipLedger
from tui_live.store.database import open_reader
from tui_live.store.erase import erase
from tui_live.store.printing import run_erase


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
    files = Unnaming()
    await erase(path, "@rain_maker77", files=files)
    assert files.elsewhere == [r"D:\videos\Rain_Maker77_x.mkv"]
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


async def test_files_that_are_elsewhere_are_said(clipped, path, capsys) -> None:
    await asyncio.to_thread(run_erase, path, "@rain_maker77", False, True, Unnaming())
    assert r"1 clip file bears their name elsewhere: D:\videos\Rain_Maker77_x.mkv" in capsys.readouterr().out


async def test_a_nickname_in_a_file_name_goes_as_it_was_written_there(recorder, reader, path, tmp_path) -> None:
    person = structs.replace(RAIN, nickname='Rain: "the" <Maker>? of all the ☔ in the world')
    session = await record(recorder, batch(chat("clip that", person)))
    asked = cause(session.id, username=person.nickname, user_id=person.user_id, nickname=person.nickname)
    ledger = ClipLedger(recorder, reader)
    files = []
    for template in ("{username}_{trigger}", "x" * 140 + "{username}{trigger}"):  # the second leaves room for 21 bytes
        file = tmp_path / f"{clip_name(template, asked, datetime(2026, 1, 1))}.mkv"
        file.write_bytes(b"video")
        files.append(file)
        reason = f"the file {file} is locked"
        await ledger.add(clip(asked, state=ClipState.KEPT, path=str(file), reason=reason))
    assert all("Rain_ _the_" in file.name for file in files)
    await recorder._database.close()
    await erase(path, person.user_id, files=Unnaming())
    left = [file.name for file in tmp_path.glob("*.mkv")]
    assert len(left) == 2 and not any("Rain" in name for name in left), left
    assert b"Rain" not in bytes_of(path)


def test_what_is_deleted_bears_no_name_and_short_names_are_words_of_their_own() -> None:
    files = Unnaming()
    assert files.unname("/x/an_Ana_clip.mkv", {"an"}, deleted=True) == "/x/erased_Ana_clip.mkv"
    assert files.elsewhere == []
    assert files.unname("/x/Ana_clip.mkv", {"an"}) == "/x/Ana_clip.mkv"
