"""The clip ledger loses what was said: a person's, or a whole session's."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
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

    @property
    def elsewhere(self) -> Sequence[str]:
        """Files that were not found, and bear the name wherever they are."""

    def unname(self, path: str, names: Collection[str], *, deleted: bool = False) -> str:
        """Take ``names`` out of the name of the file at ``path``, or of one ``deleted``; where it is from then on."""

    def restore(self) -> None:
        """Take all of that back."""


async def forget_said(database: aiosqlite.Connection, session_id: str) -> None:
    """Within a transaction: clips of a session stay, but nothing that was said in it.

    Of who asked, the handle stays: it is in the file's name. Their ids and nicknames go.
    """
    query = "SELECT id, causes FROM clips WHERE session_id = ?"
    async with database.execute(query, (session_id,)) as cursor:
        rows = list(await cursor.fetchall())
    for number, causes in rows:
        silent = tuple(
            structs.replace(cause, message="", user_id="", nickname="", msg_id=0) for cause in _causes.decode(causes)
        )
        update = "UPDATE clips SET causes = ?, message = '', chat = '[]' WHERE id = ?"
        await database.execute(update, (_encode(silent).decode(), number))


async def clean_clips(database: aiosqlite.Connection, person: Traces, files: ClipFiles | None) -> None:
    """Within a transaction: take the person out of every clip's causes and chat, and out of its file's name.

    Raises what ``files`` raises when a file cannot be renamed; without ``files`` they keep their names.
    """
    query = "SELECT id, path, target, causes, chat, reason, state FROM clips"
    async with database.execute(query) as cursor:
        rows = list(await cursor.fetchall())
    for number, path, target, causes, chat, reason, state in rows:
        asked = _causes.decode(causes)
        cleaned = tuple(_clean_cause(cause, person) for cause in asked)
        said = _chat.decode(chat)
        kept = tuple(
            structs.replace(line, text=person.clean(line.text)) for line in said if line.username not in person.handles
        )
        # The first to ask named the file; whoever streamed may have, too. In a path, names are not words.
        theirs = cleaned[0] != asked[0]
        names = person.handles | person.nicknames
        place = files.unname(path, names, deleted=state == "deleted") if files and theirs and path else path
        told = _told_of(reason, path, place, person) if theirs else person.clean_about(reason)
        if cleaned != asked or kept != said or told != reason or place != path:
            await database.execute(
                "UPDATE clips SET causes = ?, chat = ?, reason = ?, path = ?, target = ?, streamer_username = ?,"
                " username = ?, message = ?, trigger = ? WHERE id = ?",
                (
                    *(_encode(cleaned).decode(), _encode(kept).decode(), told, place, place if theirs else target),
                    *(cleaned[0].stream, cleaned[0].username, cleaned[0].message, cleaned[0].trigger, number),
                ),
            )


def _told_of(reason: str, path: str, place: str, person: Traces) -> str:
    """A reason that tells of the file: it has its new name, and in a path names are not words."""
    if place != path:
        reason = reason.replace(path, place).replace(_name(path), _name(place))
    handles = sorted(person.handles, key=len, reverse=True)
    pattern = "|".join(map(re.escape, handles)) or "(?!)"
    return person.clean_about(re.sub(pattern, ERASED, reason, flags=re.IGNORECASE))


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _clean_cause(cause: Cause, person: Traces) -> Cause:
    stream = ERASED if cause.stream in person.handles else cause.stream
    if person.is_id(cause.user_id) or (not cause.user_id and cause.username in person.handles):
        return structs.replace(cause, stream=stream, username=ERASED, nickname="", user_id="", message="", msg_id=0)
    return structs.replace(cause, stream=stream, message=person.clean(cause.message))
