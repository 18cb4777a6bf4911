"""What the end of an attempt means: the table from errors to states (SPEC §3), each with a reason for a person."""

from __future__ import annotations

import json
import math
import random
import ssl
import time
from collections.abc import Iterator

from msgspec import Struct

from tui_live.core.status import State
from tui_live.core.text import stored
from tui_live.errors import TuiLiveError
from tui_live.tiktok.refusals import RateLimited, Refused, Restricted

#: The sign server's limit when it names no time, and the longest that we believe it.
_LIMIT_S, _LONGEST_LIMIT_S = 60.0, 3600.0
#: Reset headers are unix times at TikTokLive's sign server, seconds in the IETF draft.
_UNIX_TIME_FROM = 1_000_000_000
_BACK_OFF_S = (1.0, 60.0)
#: The same unexpected error so many times in a row is for a person to look at.
GIVE_UP_AFTER = 5


class Outcome(Struct, frozen=True):
    """How an attempt ended. ``wait_s`` is set where the other side named a time; ``unexpected`` errors are counted."""

    state: State
    reason: str
    wait_s: float | None = None
    unexpected: bool = False


def back_off_seconds(attempt: int) -> float:
    """1 s to 60 s, doubling with each ``attempt`` (from 0), with a jitter of a quarter."""
    low, high = _BACK_OFF_S
    return min(max(low, 2.0 ** min(attempt, 10) * random.uniform(0.75, 1.25)), high)  # noqa: S311


def jittered(seconds: float) -> float:
    """A polling interval give or take a fifth, so that many streams do not ask at once."""
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311


def outcome_of(error: BaseException, name: str) -> Outcome:
    """What ``error`` from a connection of the stream ``name`` means."""
    return _own(error) or _tiktoklives(error, name) or _network(error) or _unexpected(error)


def _own(error: BaseException) -> Outcome | None:
    if isinstance(error, TuiLiveError):
        return Outcome(State.RECONNECTING, stored(str(error)))
    if isinstance(error, RateLimited):
        seconds = _limit_seconds(error)
        return Outcome(State.LIMITED, f"the sign server's rate limit: next try in {seconds:.0f} s", seconds)
    if isinstance(error, Restricted):
        prompt = stored(error.prompt)[:120]
        words = prompt.lower()
        if "log in" in words or "login" in words:
            return Outcome(State.BLOCKED, f"needs a login — set tiktok.session_id ({prompt})")
        return Outcome(State.BLOCKED, "age-restricted — only a logged-in account may watch: set tiktok.session_id")
    if isinstance(error, Refused):
        reason = f": {stored(error.reason)[:80]}" if error.reason else ""
        said = f"TikTok refused the websocket (HTTP {error.status}{reason})"
        return Outcome(State.RECONNECTING, said, unexpected=error.status < 500)
    return None


def _tiktoklives(error: BaseException, name: str) -> Outcome | None:
    from TikTokLive.client import errors
    from TikTokLive.client.web.routes.fetch_is_live import MissingRoomIdInResponse
    from TikTokLive.client.web.routes.fetch_room_id_live_html import FailedParseRoomIdError

    if isinstance(error, errors.UserOfflineError):
        return Outcome(State.OFFLINE, "not live")
    if isinstance(error, errors.UserNotFoundError):
        return Outcome(State.BLOCKED, f"@{name} does not exist or has never gone live — check the name")
    if isinstance(error, errors.AgeRestrictedError):
        return Outcome(State.BLOCKED, "age-restricted — only a logged-in account may watch: set tiktok.session_id")
    if isinstance(error, errors.AuthenticatedWebSocketConnectionError):
        said = "tiktok.session_id would be sent to the sign server"
        return Outcome(State.BLOCKED, f"{said} — allow it with WHITELIST_AUTHENTICATED_SESSION_ID_HOST, or remove it")
    if isinstance(error, errors.SignAPIError):
        return _sign_server(error)
    if isinstance(error, FailedParseRoomIdError):
        return Outcome(State.RECONNECTING, "TikTok's page named no room: a captcha, or a block", unexpected=True)
    if isinstance(error, MissingRoomIdInResponse) and not _network_cause(error):
        return Outcome(State.RECONNECTING, "TikTok does not say whether the room is live", unexpected=True)
    return None


def _sign_server(error: BaseException) -> Outcome:
    """The sign server's own failures: an outage is waited for, a refusal is for a person."""
    response = getattr(error, "response", None)
    status = response.status_code if response is not None else 0
    if not status:
        return Outcome(State.RECONNECTING, "the sign server cannot be reached")
    if status >= 500:
        return Outcome(State.RECONNECTING, f"the sign server is out of order (HTTP {status})")
    if status in (401, 403):
        said = f"the sign server refuses us (HTTP {status}): check tiktok.sign_api_key"
        return Outcome(State.RECONNECTING, said, unexpected=True)
    said = "the sign server's answer is empty" if status == 200 else f"the sign server answered HTTP {status}"
    return Outcome(State.RECONNECTING, said, unexpected=True)


def _network(error: BaseException) -> Outcome | None:
    """Cuts and outages: these are waited out, however often they come."""
    cause = _network_cause(error)
    if cause is None:
        return None
    if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
        return Outcome(State.RECONNECTING, "no answer in time")
    if isinstance(cause, ssl.SSLError):
        return Outcome(State.RECONNECTING, f"no secure connection: {stored(str(cause))[:120]}")
    if type(cause).__module__.startswith("websockets"):
        return Outcome(State.RECONNECTING, "the connection was cut")
    return Outcome(State.RECONNECTING, f"the network: {stored(str(cause))[:120] or type(cause).__name__}")


def _network_cause(error: BaseException) -> BaseException | None:
    import httpx
    from websockets.exceptions import WebSocketException

    kinds = (OSError, TimeoutError, EOFError, httpx.TransportError, WebSocketException)
    return next((cause for cause in _chain(error) if isinstance(cause, kinds)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it was raised from or while handling: TikTokLive wraps network errors in its own."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _unexpected(error: BaseException) -> Outcome:
    if isinstance(error, json.JSONDecodeError):
        return Outcome(
            State.RECONNECTING, "TikTok answered with something that is no JSON: a captcha?", unexpected=True
        )
    said = stored(str(error))[:120]
    return Outcome(State.RECONNECTING, f"{type(error).__name__}: {said}" if said else type(error).__name__, None, True)


def _limit_seconds(error: RateLimited) -> float:
    for value in (error.reset, error.retry_after):
        try:
            seconds = float(value or "")
        except ValueError:
            continue
        if seconds >= _UNIX_TIME_FROM:
            seconds -= time.time()
        if math.isfinite(seconds):
            return min(max(seconds, 1.0), _LONGEST_LIMIT_S)
    return _LIMIT_S
