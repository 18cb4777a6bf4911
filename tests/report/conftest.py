"""Evenings that several tests look at, and a real Chromium."""

from __future__ import annotations

import pytest

from tests.core.played import MINUTE
from tests.core.story import START
from tests.report.evenings import Evening, played
from tests.web.conftest import chromium  # noqa: F401
from tui_live.core.analysis import Across, across
from tui_live.core.shares import ShareRules

RULES = ShareRules(viral_per_minute=20)


@pytest.fixture(scope="session")
def rich() -> Evening:
    """A gap, a spike, viral stretches, gifts and followers; some people were there before."""
    return played("spikes", 16, lost=((3, 5),), rules=RULES, known={"1"}, title="Friday \u202e <b>night</b> 猫")


@pytest.fixture(scope="session")
def hostile() -> Evening:
    """Names that are markup, control codes, bidi overrides, addresses and mountains of accents."""
    return played("hostile", 6)


@pytest.fixture(scope="session")
def compared(rich: Evening) -> Across:
    """Three evenings, the newest first."""
    others = [
        played(name, 6, key=f"key{at}", seed=at, start_ms=START + at * 1440 * MINUTE)
        for at, name in enumerate(("conversions", "cascades"), 1)
    ]
    return across("ana", (others[1].analysis, others[0].analysis, rich.analysis), older=2)
