"""A clip's length is asked of ffprobe, which takes no name for anything but a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tui_live.obs import duration
from tui_live.obs.duration import duration_ms

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


@needs_ffmpeg
@pytest.mark.parametrize("name", ["-version.mkv", "concat_a|b %03d.mkv", "pipe:0.mkv", "ü 😀.mkv", "#?.mkv"])
async def test_whatever_a_clip_is_called(tmp_path: Path, name: str) -> None:
    made = tmp_path / "made.mkv"
    make = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=size=32x32:rate=10:duration=2", str(made)]
    subprocess.run(make, check=True)
    made.rename(tmp_path / name)
    assert 1_900 <= await duration_ms(tmp_path / name) <= 2_100


async def test_what_is_no_video_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").write_text("no video")
    assert await duration_ms(tmp_path / "a.mkv") == 0
    assert await duration_ms(tmp_path / "gone.mkv") == 0


async def test_without_ffprobe_nobody_can_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await duration_ms(tmp_path / "a.mkv") == 0


async def test_one_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffprobe"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(duration, "_LIMIT_SECONDS", 0.2)
    assert await duration_ms(tmp_path / "a.mkv") == 0
