"""The clip ledger loses what was said: a person's, or a whole session's."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

import aiosqlite
import msgspec
from msgspec import structs

from tui_live.core.clips import Cause, ChatLine
from tui_live.core.traces import ERASED, Traces

_encode = msgspec.json.Encoder().encode
_causes = msgspec.json.Decoder(tuple[Cause, ...])
_chat = msgspec.json.Decoder(tuple[ChatLine, ...])


class ClipFiles(Protocol):
    """The files of clips, whose names name people."""

    def unname(self, path: str, names: Collection[str]) -> str:
        """Take ``names`` out of the name of the file at ``path``; where it is from then on."""

    def restore(self) -> None:
        """Take all of that back."""


async def forget_said(database: aiosqlite.Connection, session_id: str) -> None:
    """Within a transaction: clips of a session stay, but nothing that was said in it."""
    query = "SELECT id, causes FROM clips WHERE session_id = ?"
    async with database.execute(query, (session_id,)) as cursor:
        rows = list(await cursor.fetchall())
    for number, causes in rows:
        silent = tuple(structs.replace(cause, message="") for cause in _causes.decode(causes))
        update = "UPDATE clips SET causes = ?, message = '', chat = '[]' WHERE id = ?"
        await database.execute(update, (_encode(silent).decode(), number))


async def clean_clips(database: aiosqlite.Connection, person: Traces, files: ClipFiles | None) -> None:
    """Within a transaction: take the person out of every clip's causes and chat, and out of its file's name.

    Raises what ``files`` raises when a file cannot be renamed; without ``files`` they keep their names.
    """
    query = "SELECT id, path, target, causes, chat, reason FROM clips"
    async with database.execute(query) as cursor:
        rows = list(await cursor.fetchall())
    for number, path, target, causes, chat, reason in rows:
        asked = _causes.decode(causes)
        cleaned = tuple(_clean_cause(cause, person) for cause in asked)
        said = _chat.decode(chat)
        kept = tuple(
            structs.replace(line, text=person.clean(line.text)) for line in said if line.username not in person.handles
        )
        # The first to ask named the file; whoever streamed may have, too. In a path, names are not words.
        theirs = cleaned[0] != asked[0]
        told = _within(person).sub(ERASED, reason) if theirs else person.clean_about(reason)
        place = files.unname(path, person.handles) if files and theirs and path else path
        if cleaned != asked or kept != said or told != reason or place != path:
            await database.execute(
                "UPDATE clips SET causes = ?, chat = ?, reason = ?, path = ?, target = ?, streamer_username = ?,"
                " username = ?, message = ?, trigger = ? WHERE id = ?",
                (
                    *(_encode(cleaned).decode(), _encode(kept).decode(), told, place, place if theirs else target),
                    *(cleaned[0].stream, cleaned[0].username, cleaned[0].message, cleaned[0].trigger, number),
                ),
            )


def _within(person: Traces) -> re.Pattern[str]:
    names = sorted(person.handles, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)) or "(?!)", re.IGNORECASE)


def _clean_cause(cause: Cause, person: Traces) -> Cause:
    stream = ERASED if cause.stream in person.handles else cause.stream
    if person.is_id(cause.user_id) or (not cause.user_id and cause.username in person.handles):
        return structs.replace(cause, stream=stream, username=ERASED, nickname="", user_id="", message="", msg_id=0)
    return structs.replace(cause, stream=stream, message=person.clean(cause.message))
