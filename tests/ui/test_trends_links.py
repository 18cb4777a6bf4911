"""A video's link: copied, or opened by what the system has for it, and only as a web page."""

from __future__ import annotations

import sys

import pytest

from tests.ui.conftest import until
from tests.ui.scored import toasts
from tests.ui.trending import opened, trending
from tui_live.ui import opening

__all__ = ["trending"]


async def test_the_link_is_copied_and_where_there_is_no_screen_opening_copies_it(
    console, trending, monkeypatch
) -> None:
    monkeypatch.setattr(opening, "opener", lambda: None)
    link = "https://www.tiktok.com/@bob/video/7400000000000000002"
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("y")
        assert app.clipboard == link
        app._clipboard = ""
        await pilot.press("o")
        await until(pilot, lambda: app.clipboard == link)
        await until(pilot, lambda: toasts(app) == [f"copied {link}", f"copied {link}"])


@pytest.mark.skipif(sys.platform == "win32", reason="there the shell opens pages")
async def test_the_systems_opener_gets_the_link(console, trending, monkeypatch, tmp_path) -> None:
    program = tmp_path / "opener"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/new"\nmv "{tmp_path}/new" "{tmp_path}/opened"\n')
    program.chmod(0o755)
    monkeypatch.setattr(opening, "opener", lambda: str(program))
    app = console(trending)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, (tmp_path / "opened").exists)
        assert (tmp_path / "opened").read_text() == "https://www.tiktok.com/@bob/video/7400000000000000002"


async def test_only_web_pages_are_opened_as_such(monkeypatch) -> None:
    monkeypatch.setattr(opening, "opener", lambda: "/bin/true")
    for url in ("--version", "/etc/passwd", "file:///etc/passwd", ""):
        with pytest.raises(opening.OpeningError):
            await opening.open_page(url)
