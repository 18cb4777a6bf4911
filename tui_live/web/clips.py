"""The API about clips of OBS's replay buffer, and about OBS itself."""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web

from tui_live.core.clips import Cause, ChatLine, Clip, ObsStatus
from tui_live.core.times import iso
from tui_live.errors import MissingError
from tui_live.web.answers import answer, listed, number, text
from tui_live.web.source import Facts, Source
from tui_live.web.video import Video

_MOST_ID = 2**53
#: A list tells of so many who asked for a clip; the clip itself of all that are kept.
_CAUSES = 20
_FOLDER = re.compile(r"(.+)[/\\][^/\\]+")


class Clips:
    """Handlers. ``video`` knows which clips can be played."""

    def __init__(self, source: Source, video: Video) -> None:
        self._source = source
        self._video = video

    async def clips(self, request: web.Request) -> web.Response:
        """The ledger's entries, the newest first (``?q=&limit=&before=``)."""
        limit = number(request, "limit", 50, 1, 500)
        before = number(request, "before", 0, 0, _MOST_ID) or None
        found = await self._source.clips.clips(text(request, "q"), limit + 1, before)
        shown = found[:limit]
        playable = await self._video.playable(shown)
        following = shown[-1].number if len(found) > limit else None
        return listed("clips", [_facts(clip, clip.number in playable, _CAUSES) for clip in shown], following)

    async def clip(self, request: web.Request) -> web.Response:
        """One entry with the chat of the 30 s before it."""
        key = request.match_info["id"]
        if not (key.isascii() and key.isdecimal() and len(key) < 17):
            raise MissingError("There is no such clip", "GET /api/clips lists all of them")
        clip = await self._source.clips.clip(int(key))
        playable = await self._video.playable([clip])
        return answer({"clip": {**_facts(clip, bool(playable), None), "chat": [_line(line) for line in clip.chat]}})

    async def connect_obs(self, _request: web.Request) -> web.Response:
        """Connect with OBS, or try again at once."""
        said = self._source.clips.connect()
        return answer({"said": said, "obs": obs_facts(self._source.clips.obs)})


def obs_facts(status: ObsStatus) -> Facts:
    """How OBS is doing, as JSON."""
    return {
        "state": status.state.value,
        "ready": status.ready,
        "reason": status.reason or None,
        "remedy": status.remedy or None,
        "since": iso(status.since_ms) if status.since_ms else None,
        "version": status.version or None,
        "buffer_seconds": status.buffer_seconds or None,
        "warning": status.warning or None,
    }


def _facts(clip: Clip, playable: bool, most: int | None) -> Facts:
    """The clip as JSON with ``most`` of those who asked (``None``: all that are kept), and how many are beyond."""
    first, causes = clip.causes[0], clip.causes[:most]
    return {
        "id": clip.number,
        "state": clip.state.value,
        "reason": _without_folders(clip) or None,
        "file": clip.name or None,
        "url": f"/video/{quote(clip.name, safe='')}" if playable else None,
        "streamer": first.stream,
        "session_id": first.session_id or None,
        "username": first.username,
        "trigger": first.trigger,
        "message": first.message or None,
        "viewers": first.viewers,
        "requested_at": iso(clip.requested_ms),
        "saved_at": iso(clip.saved_ms) if clip.saved_ms else None,
        "size": clip.size or None,
        "duration_seconds": clip.duration_ms / 1000 if clip.duration_ms else None,
        "causes": [_cause(cause) for cause in causes],
        "more": clip.more + len(clip.causes) - len(causes),
    }


def _cause(cause: Cause) -> Facts:
    return {
        "trigger": cause.trigger,
        "username": cause.username,
        "nickname": cause.nickname or None,
        "message": cause.message or None,
        "streamer": cause.stream,
        "session_id": cause.session_id or None,
        "viewers": cause.viewers,
        "at": iso(cause.event_ms or cause.matched_ms),
    }


def _line(line: ChatLine) -> Facts:
    return {
        "time": iso(line.time_ms),
        "username": line.username,
        "nickname": line.nickname or None,
        "text": line.text,
    }


def _without_folders(clip: Clip) -> str:
    """Its reason for people elsewhere: a folder is called by its own name, not by where it is on this machine."""
    reason = clip.reason
    for path in (clip.path, clip.target):
        found = _FOLDER.fullmatch(path)
        if found is not None:
            folder = found[1]
            reason = reason.replace(path, path[len(folder) + 1 :]).replace(folder, re.split(r"[/\\]", folder)[-1])
    return reason
