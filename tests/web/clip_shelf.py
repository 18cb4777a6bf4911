"""Clips for pages: a ledger that says what a test wants, and files that ffmpeg makes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tui_live.core.clips import Cause, ChatLine, Clip, ClipState, ObsState, ObsStatus
from tui_live.errors import MissingError

AT_MS = 1_767_300_000_000
CODECS = {
    ".mkv": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-c:a", "aac"),
    ".mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-c:a", "aac"),
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
    ".flv": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-c:a", "aac"),
}


def make_video(path: Path, seconds: int = 4, size: str = "320x180") -> Path:
    """A small video with a picture that changes, and a tone."""
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("no ffmpeg is installed: there is no video to play")
    picture = ("-f", "lavfi", "-i", f"testsrc2=duration={seconds}:size={size}:rate=30")
    tone = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")
    command = [program, "-v", "error", "-y", *picture, *tone, *CODECS[path.suffix], str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


def cause(**more: Any) -> Cause:
    facts = {"stream": "ana", "session_id": "k3x9f2qp", "trigger": "clip that", "username": "king", "nickname": "King"}
    facts |= {"message": "please CLIP THAT", "viewers": 812, "matched_ms": AT_MS + 200, "event_ms": AT_MS}
    return Cause(**(facts | more))


class Shelf:
    """What the web side needs of the engine's clips."""

    def __init__(self) -> None:
        self.obs = ObsStatus(ObsState.READY, version="31.0.0", buffer_seconds=30)
        self.entries: list[Clip] = []

    def put(self, file: Path | None = None, *chat: ChatLine, causes: Sequence[Cause] = (), **more: Any) -> Clip:
        """A further clip, the newest; whole unless told otherwise."""
        number = len(self.entries) + 1
        facts: dict[str, Any] = {
            "state": ClipState.SAVED,
            "requested_ms": AT_MS + number * 60_000,
            "path": str(file or ""),
        }
        facts |= {"size": file.stat().st_size if file else 0, "duration_ms": 4_000 if file else 0}
        clip = Clip(**(facts | {"number": number, "causes": tuple(causes) or (cause(),), "chat": chat} | more))
        self.entries.append(clip)
        return clip

    async def clips(self, text: str = "", limit: int = 200, before: int | None = None) -> list[Clip]:
        found = [
            clip
            for clip in reversed(self.entries)
            if (before is None or clip.number < before)
            and all(word in f"{clip.name} {clip.causes}".casefold() for word in text.casefold().split())
        ]
        return found[:limit]

    async def clip(self, number: int) -> Clip:
        for clip in self.entries:
            if clip.number == number:
                return clip
        raise MissingError(f"There is no clip {number}")

    async def named(self, name: str) -> list[Clip]:
        return [clip for clip in reversed(self.entries) if clip.name == name]

    async def counts(self) -> dict[ClipState, int]:
        return {}
