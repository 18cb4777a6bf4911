"""A clip ledger in memory that remembers the order in which things were written."""

from __future__ import annotations

import asyncio

from msgspec import structs

from tui_live.core.clips import Clip


class MemoryLedger:
    """``states`` is every row ever written, oldest first; ``held`` keeps writers waiting while it is cleared."""

    def __init__(self, clips: list[Clip] | None = None) -> None:
        self.clips: dict[int, Clip] = {clip.number: clip for clip in clips or []}
        self.states: list[Clip] = []
        self.held = asyncio.Event()
        self.held.set()

    async def add(self, clip: Clip) -> Clip:
        await self.held.wait()
        clip = structs.replace(clip, number=len(self.clips) + 1)
        await self.update(clip)
        return clip

    async def update(self, clip: Clip) -> None:
        await self.held.wait()
        self.clips[clip.number] = clip
        self.states.append(clip)

    async def unsettled(self) -> list[Clip]:
        return [clip for clip in self.clips.values() if not clip.state.settled]

    @property
    def rows(self) -> list[Clip]:
        return list(self.clips.values())
