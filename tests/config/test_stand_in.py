"""What counts as a stand-in for TikTok on this machine: nothing that could be reached over a network."""

from __future__ import annotations

import pytest

from tui_live.config import TikTok

HERE = "http://127.0.0.1:28000"


@pytest.mark.parametrize(
    ("web_url", "webcast_url", "origin"),
    [
        (HERE, f"{HERE}/webcast", HERE),
        ("http://localhost:1", "http://localhost:1/webcast", "http://localhost:1"),
        ("http://[::1]:28000", "http://[::1]:28000/webcast", "http://[::1]:28000"),
        (None, None, ""),
        (HERE, None, ""),
        (None, f"{HERE}/webcast", ""),
        (HERE, "https://webcast.tiktok.com/webcast", ""),
        (HERE, "http://127.0.0.1:28001/webcast", ""),
        ("https://127.0.0.1:28000", "https://127.0.0.1:28000/webcast", ""),
        ("http://10.0.0.7:28000", "http://10.0.0.7:28000/webcast", ""),
        ("http://127.0.0.1.evil.example", "http://127.0.0.1.evil.example/webcast", ""),
        ("http://a@127.0.0.1:28000", "http://a@127.0.0.1:28000/webcast", ""),
    ],
)
def test_only_plain_http_on_this_machine_for_pages_and_rooms_alike(
    web_url: str | None, webcast_url: str | None, origin: str
) -> None:
    assert TikTok(web_url=web_url, webcast_url=webcast_url).stand_in == origin
