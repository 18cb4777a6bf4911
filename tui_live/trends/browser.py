"""Starting the browser, and what its errors mean."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tui_live.config import Trends
from tui_live.config.secrets import MASK, without_credentials
from tui_live.core.text import stored
from tui_live.core.trends import Kind, Trouble
from tui_live.trends.answers import no_answer, unreachable
from tui_live.trends.limits import Limits
from tui_live.trends.locating import find_browser
from tui_live.trends.outcome import troubled

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

log = logging.getLogger(__name__)

_NO_SANDBOX = "--no-sandbox"
_NET_ERROR = re.compile(r"(?:net::|NS_ERROR_|NS_)?(ERR_[A-Z0-9_]+|NS_ERROR_[A-Z0-9_]+)")
#: TikTok's cookie, as it stands in addresses.
_TOKEN = re.compile(r"(?<=msToken=)[^&\s\"'<>]+")
_MOST_LOGGED = 2_000
_GONE = ("has been closed", "Connection closed", "crashed", "Browser closed", "disconnected")
#: Of what a browser says as it fails, lines that tell nothing.
_SAID_BY_ALL = re.compile(
    r"^(\[pid=\d+\](\[\w+\])?|Call log:|Browser logs:|- |<launching>|╔|╚|║)|dbus|Looks like|^\s*$", re.IGNORECASE
)


async def launch(
    playwright: Playwright, settings: Trends, limits: Limits, environ: dict[str, str] | None = None
) -> Browser:
    """Start the configured browser, or the one that is found; its environment is the driver's where none is given.
    Raises :class:`Troubled`.

    Chromium runs in its sandbox, except for root, who has none, and where ``browser_args`` say otherwise. Who presses
    Ctrl-C ends us, and we end the browser; the driver ends it when it is terminated itself, as systemd does.
    """
    from playwright.async_api import Error, TimeoutError

    kind = getattr(playwright, settings.browser)
    program = find_browser(settings, Path(kind.executable_path))
    more: dict[str, Any] = {}
    if settings.browser == "chromium":
        more["chromium_sandbox"] = not _is_root() and _NO_SANDBOX not in settings.browser_args
    if settings.proxy is not None:
        more["proxy"] = proxy_of(settings.proxy)
    try:
        return await kind.launch(  # type: ignore[no-any-return]
            executable_path=program,
            args=list(settings.browser_args),
            headless=settings.headless,
            timeout=limits.launch_s * 1000,
            handle_sigint=False,
            env=environ,
            **more,
        )
    except TimeoutError:
        line = f"{program} did not start within {limits.launch_s:g} s"
        raise troubled(Kind.BROWSER, line, "end other programs, or set trends.executable_path") from None
    except Error as error:
        raise troubled(
            Kind.BROWSER, f"{program} did not start: {_why(error.message)}", _remedy(error.message)
        ) from None


def proxy_of(url: str) -> dict[str, str]:
    """A proxy's URL as Playwright wants it: name and password apart."""
    parts = urlsplit(url)
    # Chromium's socks5 leaves names to the proxy already, which is what socks5h means.
    scheme = "socks5" if parts.scheme == "socks5h" else parts.scheme
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    made = {"server": f"{scheme}://{host}" + (f":{parts.port}" if parts.port else "")}
    if parts.username is not None:
        made |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return made


def trouble_of(error: Exception, within_s: float) -> Trouble:
    """What an error of Playwright's means, after the browser was started; where that is unclear, it is logged."""
    said = str(error)
    if type(error).__name__ == "TimeoutError":
        return no_answer(within_s)
    found = _NET_ERROR.search(said)
    if found is not None:
        return no_answer(within_s) if "TIMED_OUT" in found[1] else unreachable(found[1])
    if type(error).__name__ == "TargetClosedError" or any(word in said for word in _GONE):
        return Trouble(
            Kind.BROWSER_DIED, "The browser ended while it was in use", "try again; it needs 500 MB of memory"
        )
    said = _without_secrets(said)
    log.warning("the browser said: %s", said[:_MOST_LOGGED])
    line = f"The browser could not do it: {_cleaned(said.partition(chr(10))[0])}"
    return Trouble(Kind.ODD, line, "try again later; the log file says more")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _why(said: str) -> str:
    """The line that tells most of an error at the start, where the browser's own words come after Playwright's."""
    lines = [line.strip() for line in said.splitlines()]
    tells = next((line for line in lines if "sandbox" in line.lower() and "FATAL" in line), "")
    told = tells or next((line for line in lines[1:] if not _SAID_BY_ALL.search(line)), lines[0] if lines else "")
    return _cleaned(told.removeprefix("BrowserType.launch: "))


def _cleaned(line: str) -> str:
    return stored(line.strip())[:160] or "it does not say why"


def _without_secrets(said: str) -> str:
    """Errors quote what was asked for: addresses with the visitor's token, or with a proxy's password."""
    return _TOKEN.sub(MASK, without_credentials(said))


def _remedy(said: str) -> str:
    if "No usable sandbox" in said or "SUID sandbox" in said:
        return "install chromium-sandbox (Debian, Ubuntu), or set trends.browser_args: [--no-sandbox]"
    if "Missing X server" in said or "DISPLAY" in said:
        return "set trends.headless: true, or run it on a desktop"
    if "proxy" in said.lower():
        return "correct trends.proxy"
    return "start it by hand to see why, or set another trends.executable_path"
