"""Looking without watching: whether a stream is live and whether the sign server answers, for ``doctor``."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tui_live.config import TikTok

#: Each look ends after so long.
LOOK_SECONDS = 15.0


async def is_live(name: str, settings: TikTok) -> bool:
    """Whether the stream is live now, asked the way a connection asks. Nothing is signed, no budget is spent.

    Raises what :func:`tui_live.tiktok.outcome.outcome_of` reads.
    """
    from tui_live.tiktok import client

    async def nothing(_frame: Any = None) -> None:
        return None

    client.use_hosts(settings)
    one = client.Client(name, settings, nothing, nothing)
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            room_id = await one.web.fetch_room_id_from_html(name)
            return bool(await one.web.fetch_is_live(room_id=int(room_id)))
    finally:
        await one.hang_up()


async def sign_server(settings: TikTok) -> tuple[str, int]:
    """The sign server's address, and the HTTP status with which it answers to a question that costs nothing.

    Raises ``httpx.HTTPError`` when it does not answer.
    """
    from TikTokLive.client.web.web_settings import WebDefaults

    from tui_live.tiktok import client

    client.use_hosts(settings)
    address = str(WebDefaults.tiktok_sign_url)
    headers = {"X-Api-Key": settings.sign_api_key} if settings.sign_api_key else {}
    async with (
        asyncio.timeout(LOOK_SECONDS),
        httpx.AsyncClient(proxy=settings.proxy, timeout=LOOK_SECONDS) as asking,
        asking.stream("GET", f"{address}/webcast/rate_limits", headers=headers) as response,
    ):
        return address, response.status_code


def addresses(settings: TikTok) -> tuple[str, str]:
    """Where live pages are read and where rooms are asked about."""
    from TikTokLive.client.web.web_settings import WebDefaults

    from tui_live.tiktok import client

    client.use_hosts(settings)
    return str(WebDefaults.tiktok_app_url), str(WebDefaults.tiktok_webcast_url)
