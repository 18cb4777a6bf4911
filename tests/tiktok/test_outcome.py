"""From errors to states: each with a reason that a person understands."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from TikTokLive.client import errors
from TikTokLive.client.web.routes.fetch_is_live import MissingRoomIdInResponse
from TikTokLive.client.web.routes.fetch_room_id_live_html import FailedParseRoomIdError
from websockets.exceptions import ConnectionClosedError

from tui_live.core.status import State
from tui_live.errors import TuiLiveError
from tui_live.tiktok.outcome import back_off_seconds, jittered, outcome_of
from tui_live.tiktok.refusals import RateLimited, Refused, Restricted

REQUEST = httpx.Request("GET", "https://sign.example")


def signing(reason: errors.SignAPIError.ErrorReason, status: int | None) -> errors.SignAPIError:
    response = None if status is None else httpx.Response(status, request=REQUEST)
    return errors.SignAPIError(reason, "x", response=response)


REASON = errors.SignAPIError.ErrorReason


@pytest.mark.parametrize(
    ("error", "state", "said", "unexpected"),
    [
        (errors.UserOfflineError("x"), State.OFFLINE, "not live", False),
        (errors.UserNotFoundError("ana", "x"), State.BLOCKED, "@ana does not exist", False),
        (errors.AgeRestrictedError("x"), State.BLOCKED, "age-restricted", False),
        (Restricted("You must be 18"), State.BLOCKED, "age-restricted", False),
        (Restricted("Log in to watch"), State.BLOCKED, "needs a login", False),
        (errors.AuthenticatedWebSocketConnectionError("x"), State.BLOCKED, "WHITELIST_AUTHENTICATED", False),
        (RateLimited(None), State.LIMITED, "rate limit", False),
        (Refused(400, "DEVICE_BLOCKED"), State.RECONNECTING, "HTTP 400: DEVICE_BLOCKED", True),
        (Refused(503), State.RECONNECTING, "HTTP 503", False),
        (signing(REASON.CONNECT_ERROR, None), State.RECONNECTING, "cannot be reached", False),
        (signing(REASON.SIGN_NOT_200, 502), State.RECONNECTING, "out of order (HTTP 502)", False),
        (signing(REASON.SIGN_NOT_200, 401), State.RECONNECTING, "sign_api_key", True),
        (signing(REASON.EMPTY_PAYLOAD, 200), State.RECONNECTING, "empty", True),
        (FailedParseRoomIdError("x"), State.RECONNECTING, "captcha", True),
        (MissingRoomIdInResponse("x"), State.RECONNECTING, "whether the room is live", True),
        (ConnectionClosedError(None, None), State.RECONNECTING, "cut", False),
        (ConnectionRefusedError(111, "Connection refused"), State.RECONNECTING, "Connection refused", False),
        (httpx.ReadTimeout("x"), State.RECONNECTING, "no answer in time", False),
        (TimeoutError(), State.RECONNECTING, "no answer in time", False),
        (json.JSONDecodeError("x", "", 0), State.RECONNECTING, "no JSON", True),
        (KeyError("data"), State.RECONNECTING, "KeyError", True),
        (RuntimeError("bad\x1b[31m\nnews"), State.RECONNECTING, "bad [31m news", True),
    ],
)
def test_outcome(error, state, said, unexpected) -> None:
    outcome = outcome_of(error, "ana")
    assert outcome.state is state
    assert said in outcome.reason
    assert outcome.unexpected is unexpected
    assert "\n" not in outcome.reason


def test_a_network_error_that_tiktoklive_wrapped_is_still_the_network() -> None:
    wrapped = MissingRoomIdInResponse("x")
    wrapped.__context__ = httpx.ConnectError("no route to host")
    assert outcome_of(wrapped, "ana").unexpected is False
    assert "no route" in outcome_of(wrapped, "ana").reason


@pytest.mark.parametrize(
    ("reset", "retry_after", "seconds"),
    [
        (None, None, 60),
        ("25", None, 25),
        (None, "30", 30),
        ("nonsense", "also", 60),
        ("nan", None, 60),
        ("-5", None, 1),
        ("99999", None, 3600),
    ],
)
def test_the_limit_is_believed_within_reason(reset, retry_after, seconds) -> None:
    assert outcome_of(RateLimited(reset, retry_after), "ana").wait_s == seconds


def test_a_reset_as_unix_time_is_a_time() -> None:
    assert outcome_of(RateLimited(str(int(time.time()) + 40)), "ana").wait_s == pytest.approx(40, abs=2)


def test_back_off_grows_from_one_second_to_sixty() -> None:
    waits = [[back_off_seconds(attempt) for _ in range(200)] for attempt in range(12)]
    assert all(1 <= wait <= 60 for times in waits for wait in times)
    assert max(waits[0]) < 1.3
    assert min(waits[11]) == 60
    assert 3 <= min(waits[2]) < max(waits[2]) <= 5


def test_polls_are_spread() -> None:
    polls = [jittered(60) for _ in range(300)]
    assert 48 <= min(polls) < 55
    assert 65 < max(polls) <= 72


def test_an_error_of_ours_brings_no_control_characters() -> None:
    assert "\x1b" not in outcome_of(TuiLiveError("cut \x1b[2J off"), "ana").reason
