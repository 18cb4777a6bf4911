"""What answers and errors mean, without a browser."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_live.core.trends import Kind, Trouble
from tui_live.trends.answers import after, seconds_of, videos_of
from tui_live.trends.browser import proxy_of, trouble_of


def answered(text: str, status: int = 200, **more: object) -> dict[str, object]:
    return {"status": status, "retryAfter": None, "text": text} | more


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (answered("no", 403), Kind.BLOCKED, "(403)"),
        (answered("no", 503, retryAfter="5"), Kind.NETWORK, "trouble of its own (503)"),
        (answered("\ufeff \n"), Kind.BLOCKED, "answered with nothing"),
        (answered("while(1);{}"), Kind.ODD, "no JSON"),
        (answered("[" * 100_000), Kind.ODD, "no JSON"),
        (answered("[]"), Kind.ODD, "a list"),
        (answered("null"), Kind.ODD, "a NoneType"),
        (answered('{"statusCode": 10101, "statusMsg": "log\\u001b[31min"}'), Kind.BLOCKED, "log [31min (code 10101)"),
        (answered('{"status_code": 8, "itemList": []}'), Kind.BLOCKED, "does not say why (code 8)"),
        ({"error": "AbortError", "message": "x"}, Kind.TIME, "within 20 s"),
        ({"error": "TypeError", "message": "Failed to fetch\x1b"}, Kind.NETWORK, "Failed to fetch"),
        ({"large": True}, Kind.ODD, "larger than 4 MB"),
        (None, Kind.ODD, "did not let us ask"),
        ({"status": "200", "text": "{}"}, Kind.ODD, "did not let us ask"),
        ({"status": 200}, Kind.ODD, "did not let us ask"),
    ],
)
def test_each_answer_says_what_it_means_and_what_to_do(answer, kind, words) -> None:
    trouble = videos_of(answer, 20)
    assert isinstance(trouble, Trouble) and trouble.kind is kind and words in trouble.line and trouble.remedy
    assert str(trouble).isprintable()


def test_videos_are_taken_whatever_code_comes_with_them() -> None:
    answer = videos_of(answered('{"statusCode": 3, "itemList": [{"id": "1"}]}'), 20)
    assert not isinstance(answer, Trouble) and answer["itemList"] == [{"id": "1"}]


@given(st.one_of(st.none(), st.text(), st.dictionaries(st.sampled_from(["status", "text", "error"]), st.text())))
@settings(max_examples=50, deadline=None)
def test_whatever_the_page_gives_back_is_understood(answer) -> None:
    assert isinstance(videos_of(answer, 20), Trouble)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 7 ", 7), (None, 0), ("", 0), ("-5", 0), ("soon", 0), (5, 0), ("٣", 0), ("9" * 30, 999_999_999)],
)
def test_retry_after_is_seconds_or_nothing(header, seconds) -> None:
    assert seconds_of(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    assert seconds_of(formatdate(time.time() + 100, usegmt=True)) == pytest.approx(100, abs=5)
    assert seconds_of(formatdate(time.time() - 100, usegmt=True)) == 0


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://x\nCall log:", Kind.NETWORK, "ERR_NAME_NOT_RESOLVED"),
        ("Page.goto: net::ERR_TUNNEL_CONNECTION_FAILED at https://x", Kind.NETWORK, "The proxy cannot be used"),
        ("Page.goto: net::ERR_CONNECTION_TIMED_OUT at https://x", Kind.TIME, "within 9 s"),
        ("Page.goto: NS_ERROR_UNKNOWN_HOST", Kind.NETWORK, "NS_ERROR_UNKNOWN_HOST"),
        ("Page.evaluate: Target crashed", Kind.BROWSER_DIED, "ended while"),
        ("Page.evaluate: Execution context was destroyed\x1b[1m", Kind.ODD, "Execution context was destroyed [1m"),
        ("", Kind.ODD, "does not say why"),
    ],
)
def test_each_error_of_the_browser_says_what_it_means(said, kind, words) -> None:
    trouble = trouble_of(Exception(said), 9)
    assert trouble.kind is kind and words in trouble.line and trouble.remedy and trouble.line.isprintable()


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("http://host:8080", {"server": "http://host:8080"}),
        ("socks5h://[::1]:9", {"server": "socks5://[::1]:9"}),
        ("https://me:p%40ss@host", {"server": "https://host", "username": "me", "password": "p@ss"}),
        ("http://me@host", {"server": "http://host", "username": "me", "password": ""}),
    ],
)
def test_a_proxy_is_given_with_name_and_password_apart(url, made) -> None:
    assert proxy_of(url) == made


def test_what_a_page_says_that_cannot_sign_is_told_and_logged_without_secrets(caplog) -> None:
    said = (
        "Page.evaluate: TypeError: url is odd: https://www.tiktok.com/?msToken=s3cret&aid=1 by http://me:pa55@host\n"
        "    at Object.frontierSign (https://www.tiktok.com/x.js:1:2)\n    at eval (msToken=s3cret)"
    )
    trouble = trouble_of(Exception(said), 9)
    assert "TypeError: url is odd" in trouble.line and "the log file says more" in trouble.remedy
    [record] = caplog.records
    assert "at Object.frontierSign (https://www.tiktok.com/x.js:1:2)" in record.getMessage()
    for text in (record.getMessage(), str(trouble)):
        assert "s3cret" not in text and "pa55" not in text


BLOCKED = Trouble(Kind.BLOCKED, "nothing came", "set trends.ms_tokens")
LIMITED = Trouble(Kind.LIMITED, "too often", "wait", 90)
DIED = Trouble(Kind.BROWSER_DIED, "the browser ended", "try again")
SILENT = Trouble(Kind.TIME, "no answer", "check the network")


@pytest.mark.parametrize(
    ("first", "then", "chief"),
    [
        (BLOCKED, SILENT, BLOCKED),
        (DIED, SILENT, DIED),
        (SILENT, DIED, DIED),
        (SILENT, LIMITED, LIMITED),
        (LIMITED, DIED, LIMITED),
        (BLOCKED, LIMITED, LIMITED),
    ],
)
def test_two_browsers_with_different_troubles_name_both(first, then, chief) -> None:
    both = after(first, then)
    assert both.line == f"{first.line}; then: {then.line}"
    assert (both.kind, both.remedy) == (chief.kind, chief.remedy)
    assert both.retry_after_s == (90 if LIMITED in (first, then) else 0)


def test_the_same_trouble_twice_is_named_once() -> None:
    assert after(None, BLOCKED) == after(BLOCKED, BLOCKED) == BLOCKED
