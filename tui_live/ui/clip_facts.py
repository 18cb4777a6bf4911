"""Everything about a clip as lines for a person: what it is, everybody who asked for it, and what was said before."""

from __future__ import annotations

from tui_live.core.clips import Cause, Clip, ClipState
from tui_live.core.counts import several
from tui_live.ui.clip_row import SIGNS, ClipRow, streams_of
from tui_live.ui.format import clock, full, moment, size, span
from tui_live.ui.session_facts import Fact

#: Of a burst of failures so many are told one by one.
_TOLD = 50
#: So many other streams are named.
_NAMED = 5


def fact_lines(row: ClipRow, chat: Clip | None, address: str) -> list[Fact]:
    """All of it, in order. ``chat`` is the clip with its chat, ``None`` while that is being read."""
    clip = row.clip
    sign, pen = SIGNS[clip.state]
    lines = [Fact("state", f"{sign} {clip.state.value}", pen)]
    if clip.reason:
        lines.append(Fact("why", clip.reason, "row--alert" if clip.state is not ClipState.DELETED else "row--reason"))
    if clip.path:
        lines.append(Fact("file", clip.path))
    if clip.target and clip.target != clip.path and clip.state in (ClipState.KEPT, ClipState.RENAMING):
        lines.append(Fact("is to be", clip.target, "row--reason"))
    if clip.duration_ms or clip.size:
        length = f"{span(clip.duration_ms / 1000)}   " if clip.duration_ms else ""
        lines.append(Fact("length, size", length + (size(clip.size) if clip.size else "")))
    if address and clip.path and clip.state is not ClipState.DELETED:
        lines.append(Fact("in a browser", address))
    lines.append(Fact("asked", _asked(row)))
    first = clip.causes[0]
    watching = f", {several(first.viewers, 'viewer')}" if first.viewers else ""
    session = f", session {first.session_id}" if first.session_id else ""
    lines.append(Fact("stream", f"@{first.stream}{watching}{session}"))
    others = streams_of(row)[1:]
    if others:
        named = ", ".join(f"@{name}" for name in others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
        lines.append(Fact("", f"+{full(len(others))} {'stream' if len(others) == 1 else 'streams'}: {named}"))
    lines += _causes(row)
    lines += _chat(chat)
    return lines


def _asked(row: ClipRow) -> str:
    if len(row.clips) == 1:
        return moment(row.clip.requested_ms) + _took(row.clip)
    first, last = moment(row.clips[-1].requested_ms), moment(row.clip.requested_ms)
    last = last[11:] if last[:10] == first[:10] else last
    return f"{first} – {last}, {full(len(row.clips))} clips in {span(row.took_ms / 1000)}"


def _took(clip: Clip) -> str:
    if not clip.saved_ms:
        return ""
    return f", there after {max(0, clip.saved_ms - clip.requested_ms) / 1000:.1f} s"


def _causes(row: ClipRow) -> list[Fact]:
    causes = row.causes
    told = [Fact("", _cause(cause, causes[0].stream), "log--text") for cause in causes[:_TOLD]]
    lines = [Fact(), told[0]._replace(name="asked for by"), *told[1:]]
    if beyond := row.more + max(0, len(causes) - _TOLD):
        lines.append(Fact("", f"and {full(beyond)} more", "row--reason"))
    return lines


def _cause(cause: Cause, stream: str) -> str:
    """``20:14:06  clip that  Ana (@ana): please clip that``; another stream than the first is named."""
    handle = f"@{cause.username}" if cause.username else ""
    who = f"{cause.nickname} ({handle})" if cause.nickname and handle else cause.nickname or handle
    said = f": {cause.message}" if cause.message else ""
    where = f" in @{cause.stream}" if cause.stream != stream else ""
    return f"{clock(cause.event_ms or cause.matched_ms)}  {cause.trigger}{where}  {who}{said}"


def _counted(messages: int) -> str:
    return f"{several(messages, 'message')} in 30 s"


def _chat(clip: Clip | None) -> list[Fact]:
    if clip is None:
        return [Fact(), Fact("before it", "reading …", "row--reason")]
    if not clip.chat:
        return [Fact(), Fact("before it", "no chat was kept of the 30 s before", "row--reason")]
    order = ", the newest first" if len(clip.chat) > 1 else ""
    lines = [Fact(), Fact("before it", _counted(len(clip.chat)) + order, "row--reason")]
    return lines + [
        Fact("", f"{clock(line.time_ms)}  {line.nickname or line.username}: {line.text}", "log--text")
        for line in reversed(clip.chat)
    ]
