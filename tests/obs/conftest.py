"""OBS, as a stand-in or as itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.obs.fake import FakeObs


@pytest.fixture
async def obs(tmp_path: Path) -> AsyncIterator[FakeObs]:
    """A stand-in that works, until a test changes it."""
    clips = tmp_path / "clips"
    clips.mkdir()
    fake = FakeObs(clips)
    await fake.start()
    yield fake
    await fake.stop()
