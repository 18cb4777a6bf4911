"""The log keeps secrets and control characters out, stays private, and leaves the terminal alone."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui_live.config import load
from tui_live.errors import TuiLiveError
from tui_live.logs import set_up_logging, tame_tiktoklive


def test_secrets_never_reach_the_file_not_even_in_a_traceback(tmp_path: Path) -> None:
    secrets = {
        "TUI_LIVE_OBS__PASSWORD": "p4ss",
        "SIGN_API_KEY": "k3y",
        "TUI_LIVE_TRENDS__MS_TOKENS": "t1,t2",
        "TUI_LIVE_TIKTOK__PROXY": "socks5://me:pr%40xy@host:1",
    }
    file = set_up_logging("debug", load(None, None, secrets).config, tmp_path / "log")
    logging.getLogger("any").info("p4ss %s", {"key": "k3y"})
    try:
        raise ValueError("pr@xy and t1, t2 at https://user:other@host/")
    except ValueError:
        logging.getLogger("any").exception("it failed")
    text = file.read_text("utf-8")
    assert "it failed" in text and "***" in text
    assert not [word for word in ("p4ss", "k3y", "pr@xy", "pr%40xy", "t1", "t2", "other") if word in text]


def test_control_characters_are_escaped(tmp_path: Path) -> None:
    file = set_up_logging("info", None, tmp_path / "log")
    logging.getLogger("any").info("red \x1b[31m \u202e bell \x07")
    text = file.read_text("utf-8")
    assert "\\x1b[31m" in text and "\\u202e" in text and text.replace("\n", "").isprintable()


def test_the_file_is_private_and_turns_over(tmp_path: Path) -> None:
    file = set_up_logging("info", None, tmp_path / "new" / "log")
    for _ in range(12):
        logging.getLogger("any").info("x" * 1_000_000)
    files = sorted(file.parent.iterdir())
    assert [old.name for old in files] == ["log", "log.1", "log.2"]
    assert {stat.S_IMODE(old.stat().st_mode) for old in files} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_setting_up_twice_writes_each_line_once(tmp_path: Path) -> None:
    set_up_logging("info", None, tmp_path / "log")
    file = set_up_logging("warning", None, tmp_path / "log")
    logging.getLogger("any").warning("once")
    logging.getLogger("any").info("not at all")
    assert file.read_text("utf-8").count("once") == 1 and "not at all" not in file.read_text("utf-8")


def test_talkative_libraries_are_kept_to_warnings(tmp_path: Path) -> None:
    file = set_up_logging("debug", None, tmp_path / "log")
    logging.getLogger("httpx").info("GET https://host/?key=1")
    logging.getLogger("websockets.client").debug("> frame")
    assert file.read_text("utf-8") == ""


def test_a_log_that_cannot_be_opened_and_an_unknown_level_are_said(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(TuiLiveError, match="cannot be opened: Is a directory"):
        set_up_logging("info", None, tmp_path / "log")
    with pytest.raises(TuiLiveError, match="allowed: debug"):
        set_up_logging("loud", None, tmp_path / "log")


def test_tiktoklives_own_log_goes_to_the_file_and_not_to_the_screen(tmp_path: Path) -> None:
    program = f"""
import logging
from pathlib import Path
from tui_live.logs import set_up_logging, tame_tiktoklive
set_up_logging("info", None, Path({str(tmp_path / "log")!r}))
from TikTokLive.client.logger import TikTokLiveLogHandler
TikTokLiveLogHandler.get_logger()
tame_tiktoklive()
tame_tiktoklive()
logging.getLogger("TikTokLive").warning("a word from TikTokLive")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "" and done.stdout == ""
    assert (tmp_path / "log").read_text("utf-8").count("a word from TikTokLive") == 1


def test_taming_before_the_import_is_harmless() -> None:
    tame_tiktoklive()
