"""The clip ledger keeps every clip, finds it again, and loses what has to go."""

from __future__ import annotations

import pytest
from msgspec import structs

from tests.store.conftest import KING, NOW_MS, batch, chat, gift
from tests.store.test_recorder import record, rows
from tui_live.core.clips import Cause, Clip, ClipState
from tui_live.errors import MissingError
from tui_live.store import sessions
from tui_live.store.clips import ClipLedger
from tui_live.store.retention import remove_old

DAY_MS = 86_400_000


def cause(session_id: str = "", **more: object) -> Cause:
    return Cause(
        **{
            "stream": "ana",
            "session_id": session_id,
            "trigger": "clip that",
            "username": "king",
            "user_id": KING.user_id,
            "nickname": KING.nickname,
            "message": "please CLIP THAT",
            "matched_ms": NOW_MS,
            "event_ms": NOW_MS,
            "viewers": 12,
        }
        | more
    )


def clip(*causes: Cause, **more: object) -> Clip:
    return Clip(**{"state": ClipState.REQUESTED, "requested_ms": NOW_MS, "causes": causes or (cause(),)} | more)


@pytest.fixture
def ledger(recorder, reader) -> ClipLedger:
    return ClipLedger(recorder, reader)


async def test_an_entry_comes_back_as_it_went_in_and_follows_what_happens(ledger, reader) -> None:
    first = await ledger.add(clip())
    second = await ledger.add(clip(cause(trigger="gift-1000", message="")))
    assert (second.number, ledger.version) == (first.number + 1, 2)
    assert await ledger.unsettled() == [first, second]
    done = structs.replace(
        first.joined_by(cause(username="ana", message="clip that!!")),
        **{"state": ClipState.SAVED, "path": "/clips/king_clip that.mkv", "target": "/clips/king_clip that.mkv"},
        **{"saved_ms": NOW_MS + 400, "size": 77, "duration_ms": 5_000, "more": 7},
    )
    await ledger.update(done)
    assert await ledger.clip(first.number) == done
    assert await ledger.unsettled() == [second]
    columns = "state, username, trigger, message, viewers, path, size, requested_at"
    assert await rows(reader, f"SELECT {columns} FROM clips WHERE id = ?", first.number) == [
        ("saved", "king", "clip that", "please CLIP THAT", 12, done.path, 77, "2026-11-21T02:36:44.829Z")
    ]
    with pytest.raises(MissingError):
        await ledger.clip(99)


async def test_a_clip_with_a_file_gets_the_chat_of_the_half_minute_before_it_and_of_its_session_alone(
    ledger, recorder
) -> None:
    said = [
        chat("too long ago", time_ms=NOW_MS - 30_001),
        chat("just so", time_ms=NOW_MS - 30_000),
        chat("let us see", KING, time_ms=NOW_MS - 9_000),
        gift(5),
        chat("please CLIP THAT", KING, time_ms=NOW_MS),
        chat("afterwards", time_ms=NOW_MS + 1),
    ]
    session = await record(recorder, batch(*said))
    await record(recorder, batch(chat("elsewhere", time_ms=NOW_MS - 5)))
    entry = await ledger.add(clip(cause(session.id)))
    assert (await ledger.clip(entry.number)).chat == ()
    await ledger.update(structs.replace(entry, state=ClipState.KEPT, reason="elsewhere"))
    found = (await ledger.clip(entry.number)).chat
    assert [(line.username, line.text) for line in found] == [
        ("ana", "just so"),
        ("king", "let us see"),
        ("king", "please CLIP THAT"),
    ]
    assert [line.time_ms for line in found] == [NOW_MS - 30_000, NOW_MS - 9_000, NOW_MS]


async def test_chat_is_read_once_whatever_else_happens_to_the_clip(ledger, recorder, reader, monkeypatch) -> None:
    session = await record(recorder, batch(chat("please CLIP THAT", KING)))
    entry = await ledger.add(clip(cause(session.id)))
    looked: list[object] = []
    found = ClipLedger._said_before

    async def counting(self, asked):
        looked.append(asked)
        return await found(self, asked)

    monkeypatch.setattr(ClipLedger, "_said_before", counting)
    for changed in ({"state": ClipState.KEPT}, {"state": ClipState.SAVED}, {"duration_ms": 9}):
        entry = structs.replace(entry, **changed)
        await ledger.update(entry)
        await record(recorder, batch(chat("what comes later", KING)), session=session)
    await ClipLedger(recorder, reader).update(structs.replace(entry, size=3))  # another run
    assert len(looked) == 1
    assert [line.text for line in (await ledger.clip(entry.number)).chat] == ["please CLIP THAT"]
    empty = await ledger.add(clip(cause("nothing")))
    for size in (1, 2):
        await ledger.update(structs.replace(empty, state=ClipState.SAVED, size=size))
    assert len(looked) == 2


async def test_chat_is_found_however_much_was_said_since(ledger, recorder, monkeypatch) -> None:
    monkeypatch.setattr("tui_live.store.clips._PAGE", 10)
    said = [chat(f"m{n}", time_ms=NOW_MS + n * 1000) for n in range(-70, 100)]
    session = await record(recorder, batch(*said))
    entry = await ledger.add(clip(cause(session.id)))
    await ledger.update(structs.replace(entry, state=ClipState.SAVED))
    assert [line.text for line in (await ledger.clip(entry.number)).chat] == [f"m{n}" for n in range(-30, 1)]


async def test_words_find_an_entry_wherever_they_stand(ledger) -> None:
    await ledger.add(clip(cause(nickname="Ünal"), path="/x/one.mkv", state=ClipState.SAVED))
    await ledger.add(clip(cause(stream="bob", message="wow"), state=ClipState.FAILED, reason="OBS is not running"))
    await ledger.add(clip(cause(), cause(username="late_one"), path="C:\\v\\three.mkv", state=ClipState.KEPT))

    async def numbers(text: str, **more) -> list[int]:
        return [found.number for found in await ledger.clips(text, **more)]

    assert await numbers("") == [3, 2, 1]
    assert await numbers("", limit=2) == [3, 2]
    assert await numbers("", before=3) == [2, 1]
    assert await numbers("ünal ONE.mkv") == [1]
    assert await numbers("not running bob") == [2]
    assert await numbers("late_one") == [3]
    assert await numbers("clip% _") == []
    assert [found.number for found in await ledger.named("three.mkv")] == [3]
    assert [found.number for found in await ledger.named("one.mkv")] == [1]
    assert await ledger.named("ne.mkv") == []
    assert await ledger.named("%") == []


async def test_a_long_ledger_is_read_in_pieces(ledger, recorder) -> None:
    for number in range(450):
        await ledger.add(clip(cause(message=f"number-{number}-of many")))
    assert [found.number for found in await ledger.clips("", limit=1000)] == list(range(450, 0, -1))
    assert [found.number for found in await ledger.clips("number-7-of")] == [8]


async def test_a_session_that_goes_leaves_its_clips_without_what_was_said(ledger, recorder, reader) -> None:
    session = await record(recorder, batch(chat("please CLIP THAT", KING)))
    entry = await ledger.add(clip(cause(session.id)))
    await ledger.update(structs.replace(entry, state=ClipState.SAVED, path="/x/a.mkv"))
    assert len((await ledger.clip(entry.number)).chat) == 1
    await sessions.finish(recorder, session, "ended", NOW_MS)
    assert await remove_old(recorder, 1, NOW_MS + 10 * DAY_MS) == 1
    left = await ledger.clip(entry.number)
    assert (left.chat, left.causes[0].message, left.path) == ((), "", "/x/a.mkv")
    assert await rows(reader, "SELECT message FROM clips") == [("",)]
    who = left.causes[0]
    assert (who.username, who.user_id, who.nickname) == ("king", "", ""), "the handle is in the file's name"
