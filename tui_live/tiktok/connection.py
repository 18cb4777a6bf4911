"""One connection to one room, without TikTokLive in sight (see :func:`load`)."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tui_live.config import TikTok
from tui_live.core.text import stored

if TYPE_CHECKING:
    from tui_live.wire.frames import Frame

#: The sign server's client has no time limit of its own; checking, signing and connecting take 1–5 s in life.
OPEN_TIMEOUT_S = 45
#: What fits into a database, too.
_ID = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")
#: A peer that does not answer the close frame is left without one.
_CLOSE_S = 2


class RoomInfo(Struct, frozen=True):
    """What TikTok tells about a room beforehand: the host's id (0 when unknown), the title, the start (UTC seconds)."""

    host_id: int = 0
    title: str = ""
    started_s: int = 0


class Connection:
    """Used once: signed addresses die after 30 s, so every reconnect makes a new one. Close it in any case."""

    def __init__(
        self,
        name: str,
        settings: TikTok,
        on_frame: Callable[[Frame], Awaitable[None]],
        before_signing: Callable[[], Awaitable[None]],
    ) -> None:
        self._name = name
        self._settings = settings
        self._on_frame = on_frame
        self._before_signing = before_signing
        self._client: Any = None
        self._task: asyncio.Task[None] | None = None

    @property
    def room_id(self) -> str:
        """The room; empty until TikTok has named it."""
        return str(self._client.room_id or "") if self._client else ""

    @property
    def info(self) -> RoomInfo:
        """What ``/room/info/`` said; empty where it said nothing."""
        data = self._client.room_info or {}
        owner = data.get("owner")
        owner = owner if isinstance(owner, dict) else {}
        return RoomInfo(
            host_id=_number(data.get("owner_user_id") or owner.get("id") or owner.get("id_str")),
            title=stored(str(data.get("title") or "")[:200]),
            started_s=_number(data.get("create_time")),
        )

    async def open(self) -> None:
        """Check that the user is live, sign, and begin to connect; frames come when the handshake is through.

        Raises what TikTokLive raises, ``RateLimited`` and ``Restricted`` (:mod:`tui_live.tiktok.refusals`), and
        ``TimeoutError``.
        """
        from tui_live.tiktok import client

        client.use_hosts(self._settings)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(OPEN_TIMEOUT_S) as limit:

            async def signing() -> None:
                limit.reschedule(None)
                await self._before_signing()
                limit.reschedule(loop.time() + OPEN_TIMEOUT_S)

            self._client = client.Client(self._name, self._settings, self._on_frame, signing)
            self._task = await self._client.start(fetch_room_info=True)

    async def run(self) -> None:
        """Wait for the connection's end: return when it was closed in order, raise what cut it otherwise."""
        assert self._task is not None
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def is_alive(self) -> bool:
        """Whether TikTok says that the room is live. Raises what the request raises."""
        return bool(await self._client.web.fetch_is_live(room_id=int(self.room_id)))

    async def close(self) -> None:
        """Hang up and release every socket and task of this connection."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=_CLOSE_S)
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.exception()
        if self._client is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await self._client.hang_up()
            self._client.abort()


def load() -> None:
    """Import TikTokLive and make what a first connection needs: 2–4 s of CPU.

    Call it in a thread before the first connection, after the first paint.
    """
    from tui_live.tiktok import client

    client.warm_up()


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | str) and _ID.fullmatch(str(value)) else 0
