"""Whether a browser for trending videos is there and starts, on the real one and on those that fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trends.leftovers import drivers
from tui_live.config import load
from tui_live.doctor.chromium import chromium
from tui_live.doctor.finding import Verdict
from tui_live.trends.limits import Limits

SHORT = Limits(launch_s=0.4, close_s=2.0)


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert drivers() == []


async def checked(limits: Limits = SHORT, **settings: object) -> object:
    return await chromium(load(None, {f"trends.{name}": value for name, value in settings.items()}, {}), limits)


async def test_the_installed_browser_starts() -> None:
    finding = await checked(Limits())
    assert finding.verdict is Verdict.OK and "starts" in finding.said


async def test_a_missing_browser_is_a_warning_unless_it_was_configured(tmp_path: Path, monkeypatch) -> None:
    finding = await checked(executable_path=str(tmp_path / "none"))
    assert finding.verdict is Verdict.FAILED and "trends.executable_path" in finding.remedy
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = await checked()
    assert finding.verdict is Verdict.WARNING and "nothing else needs it" in finding.said
    assert "apt install chromium" in finding.remedy


async def test_a_browser_that_does_not_start_fails(tmp_path: Path, monkeypatch) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 30\n")
    silent.chmod(0o755)
    finding = await checked(executable_path=str(silent))
    assert finding.verdict is Verdict.FAILED and "did not start within 0.4 s" in finding.said
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    finding = await checked(headless=False)
    assert finding.verdict is Verdict.FAILED and finding.remedy == "set trends.headless: true"
