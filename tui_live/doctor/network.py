"""The hops to TikTok: the network, the sign server, the streams' pages."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from tui_live.config import Loaded, TikTok
from tui_live.core.text import stored
from tui_live.doctor.finding import Finding, failed, ok, warning
from tui_live.tiktok import connection, look
from tui_live.tiktok.outcome import outcome_of

_CONNECT_SECONDS = 8.0
#: Streams of the configuration that are looked at; without any, an account that exists.
_STREAMS = 3
_ANYBODY = "tiktok"


async def network(loaded: Loaded) -> Finding:
    """Whether names are found and a connection can be made: to the proxy where there is one, else to TikTok."""
    settings = loaded.config.tiktok
    await asyncio.to_thread(connection.load)
    if settings.proxy:
        return await _reach(settings.proxy, "the proxy", "check tiktok.proxy")
    for address in look.addresses(settings):
        finding = await _reach(
            address, "TikTok", "check cable, DNS and firewall; where TikTok is blocked: tiktok.proxy"
        )
        if finding.verdict != "ok":
            return finding
    return finding


async def _reach(address: str, what: str, remedy: str) -> Finding:
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 1080)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return failed("network", f"{what} ({host}:{port}) does not answer", remedy)
    except OSError as problem:
        said = stored(problem.strerror or str(problem))[:120]
        return failed("network", f"{what} ({host}:{port}) cannot be reached: {said}", remedy)
    writer.close()
    return ok("network", f"{host}:{port} can be reached")


async def sign_server(loaded: Loaded) -> Finding:
    """Whether the sign server answers, and takes our key."""
    settings = loaded.config.tiktok
    await asyncio.to_thread(connection.load)
    try:
        address, status = await look.sign_server(settings)
    except Exception as error:
        said = outcome_of(error, "").reason
        return failed("sign server", said, "check the network, tiktok.sign_url and tiktok.proxy; it may be down: wait")
    host = urlsplit(address).netloc
    if status in (401, 403):
        return failed("sign server", f"{host} refuses our key (HTTP {status})", "check tiktok.sign_api_key")
    if status == 429:
        return warning("sign server", f"{host} limits us now (HTTP 429)", "wait, or set tiktok.sign_api_key")
    if status >= 500:
        return failed("sign server", f"{host} is out of order (HTTP {status})", "wait; streams connect by themselves")
    key = "with a key" if settings.sign_api_key else "without a key, so with its free limits"
    return ok("sign server", f"{host} answers, {key}")


async def tiktok(loaded: Loaded) -> Finding:
    """Whether the streams' pages are shown to us, and who is live."""
    settings = loaded.config.tiktok
    await asyncio.to_thread(connection.load)
    names = loaded.config.streams[:_STREAMS] or (_ANYBODY,)
    found = await asyncio.gather(*(_look(name, settings) for name in names))
    said = ", ".join(line for _, line in found)
    if all(worked for worked, _ in found):
        return ok("TikTok", said)
    if any(worked for worked, _ in found):
        return warning("TikTok", said, "check the names that failed")
    return failed("TikTok", said, "try again later or from another address (tiktok.proxy); a captcha goes by itself")


async def _look(name: str, settings: TikTok) -> tuple[bool, str]:
    try:
        live = await look.is_live(name, settings)
    except Exception as error:
        outcome = outcome_of(error, name)
        if outcome.state == "offline":
            return True, f"@{name} is not live"
        return False, f"@{name}: {outcome.reason}"
    return True, f"@{name} is live" if live else f"@{name} is not live"
