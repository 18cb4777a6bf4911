"""What TikTok's answers mean: the videos of a page, or the trouble that they tell of."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from tui_live.core.text import stored
from tui_live.core.trends import Kind, Trouble

#: TikTok's pages of 30 videos have half a million bytes, and much more would hold up the whole program.
LARGEST_ANSWER = 4_000_000
_LOOK_HUMAN = "set trends.ms_tokens from a browser of yours, trends.headless: false, or trends.proxy"
_WAIT = "wait; a longer trends.every_minutes or another trends.proxy helps if it comes again"
_LATER = "try again later; if it stays so, update TUI Live"
_NETWORK = "check the network, and trends.proxy where it is set"


def videos_of(answer: object, within_s: float) -> Mapping[str, Any] | Trouble:
    """The JSON object that an answer holds.

    ``answer`` is what our script in the page gives back: ``status``, ``retryAfter`` and ``text``, or ``error`` and
    ``message``, or ``large``. The page can change what scripts see, so that any of it may be missing.
    """
    if not isinstance(answer, Mapping):
        return Trouble(Kind.ODD, "TikTok's page did not let us ask for videos", _LOOK_HUMAN)
    if "large" in answer:
        return Trouble(Kind.ODD, f"TikTok's answer is larger than {LARGEST_ANSWER // 1_000_000} MB", _LATER)
    if answer.get("error") == "AbortError":
        return no_answer(within_s)
    if "error" in answer:
        said = stored(str(answer.get("message"))[:100])
        return Trouble(Kind.NETWORK, f"TikTok cannot be reached any more ({said})", _NETWORK)
    status, text = answer.get("status"), answer.get("text")
    if not isinstance(status, int) or not isinstance(text, str):
        return Trouble(Kind.ODD, "TikTok's page did not let us ask for videos", _LOOK_HUMAN)
    refused = refusal(status, answer.get("retryAfter"))
    return refused if refused is not None else _read(text)


def refusal(status: int, retry_after: object) -> Trouble | None:
    """What a status of HTTP tells, ``None`` where it is well. ``retry_after`` is the header of that name."""
    if status == 429:
        return Trouble(Kind.LIMITED, "TikTok takes no more requests for now (429)", _WAIT, seconds_of(retry_after))
    if status >= 500:
        line = f"TikTok has trouble of its own ({status})"
        return Trouble(Kind.NETWORK, line, "try again later", seconds_of(retry_after))
    if status >= 400:
        return Trouble(Kind.BLOCKED, f"TikTok refuses this browser ({status})", _LOOK_HUMAN, seconds_of(retry_after))
    return None


def seconds_of(retry_after: object) -> float:
    """``Retry-After``: seconds, or a date; 0 where it is neither."""
    if not isinstance(retry_after, str):
        return 0.0
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


def no_answer(within_s: float) -> Trouble:
    """TikTok was silent."""
    return Trouble(Kind.TIME, f"TikTok did not answer within {within_s:g} s", "check the network; try again later")


def unreachable(code: str) -> Trouble:
    """The browser did not get to TikTok; ``code`` is its name for why, such as ``ERR_NAME_NOT_RESOLVED``."""
    if "PROXY" in code or "SOCKS" in code or "TUNNEL" in code:
        return Trouble(Kind.NETWORK, f"The proxy cannot be used ({code})", "check trends.proxy")
    return Trouble(Kind.NETWORK, f"TikTok cannot be reached ({code})", _NETWORK)


def no_signature() -> Trouble:
    """TikTok's page has not what signs requests."""
    line = "TikTok's page has not what signs requests (a captcha, a login or a block)"
    return Trouble(Kind.BLOCKED, line, _LOOK_HUMAN)


def no_videos(unreadable: int) -> Trouble:
    """Proper answers, but no video in them."""
    if unreadable:
        return Trouble(Kind.ODD, f"None of the {unreadable} entries that TikTok sent is a video", _LATER)
    return Trouble(Kind.EMPTY, "TikTok answered without a single video", f"try again later, or {_LOOK_HUMAN}")


def after(first: Trouble | None, then: Trouble) -> Trouble:
    """What two browsers in a row met, in one: both are named, and what to do is for the one that tells more.

    That TikTok minds tells more than everything else, and silence less.
    """
    if first is None or first.line == then.line:
        return then
    chief = first if then.kind is Kind.TIME or first.kind.asks_less > then.kind.asks_less else then
    wait_s = max(first.retry_after_s, then.retry_after_s)
    return Trouble(chief.kind, f"{first.line}; then: {then.line}", chief.remedy, wait_s)


def _read(text: str) -> Mapping[str, Any] | Trouble:
    begin = text.lstrip("\ufeff \t\r\n")[:200]
    if not begin:
        line = "TikTok answered with nothing: it takes the browser for a robot"
        return Trouble(Kind.BLOCKED, line, _LOOK_HUMAN)
    if begin.startswith("<"):
        line = "TikTok answered with a web page in place of videos (a captcha or a block)"
        return Trouble(Kind.BLOCKED, line, _LOOK_HUMAN)
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return Trouble(Kind.ODD, "TikTok's answer cannot be read: it is no JSON", _LATER)
    if not isinstance(answer, dict):
        return Trouble(Kind.ODD, f"TikTok's answer is not as known: a {type(answer).__name__}", _LATER)
    code = next((answer[key] for key in ("statusCode", "status_code") if answer.get(key)), 0)
    if code and not answer.get("itemList"):
        said = stored(str(answer.get("statusMsg") or answer.get("status_msg") or "")[:100])
        line = f"TikTok refuses: {said or 'it does not say why'} (code {stored(str(code)[:20])})"
        return Trouble(Kind.BLOCKED, line, _LOOK_HUMAN)
    return answer
