"""Saving changes one value and keeps everything else, byte for byte."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_live import paths
from tui_live.config import Trigger, load
from tui_live.config.edit import put
from tui_live.config.save import save
from tui_live.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config.yaml"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(SHIPPED.read_text("utf-8"), "utf-8")
    return file


def comments(text: str) -> list[str]:
    return re.findall(r"(?:^|\s)#.*", text, re.MULTILINE)


def written(file: Path, text: str) -> Path:
    file.write_bytes(text.encode())
    return file


CHANGES: list[dict[str, object]] = [
    {"streams": ["alice", "ボブ", "bob_2"]},
    {"triggers": ["wow", Trigger(word="no way", match="word", cooldown_seconds=3), {"gift_coins": 1000}]},
    {"obs.password": "p#ss: 'word", "obs.port": 4456, "obs.enabled": True},
    {"scoring.likes_per_point.follower": 5, "scoring.comment_points": 0.5},
    {"scoring.gift_multipliers": {10: 2, "above": 3}},
    {"ui.keymap": {"quit": "ctrl+q,q", "app.save": "S"}, "ui.theme": "nord"},
    {"trends.ms_tokens": ["a", "b"], "overlay.question_seconds": 2.5},
    {"tiktok.web_url": "http://127.0.0.1:8000", "tiktok.webcast_url": "http://127.0.0.1:8000/webcast"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=",".join)
def test_every_comment_of_the_shipped_file_survives_and_the_values_come_back(
    shipped: Path, changes: dict[str, object]
) -> None:
    before = shipped.read_text("utf-8")
    expected = load(shipped, changes, {}).config
    save(load(shipped, None, {}), changes)
    after = shipped.read_text("utf-8")
    assert comments(after) == comments(before)
    assert load(shipped, None, {}).config == expected
    kept = [line for line in before.splitlines() if line in after.splitlines()]
    assert len(kept) >= len(before.splitlines()) - 12


@pytest.mark.parametrize("changes", CHANGES, ids=",".join)
def test_a_change_taken_back_gives_the_same_values(shipped: Path, changes: dict[str, object]) -> None:
    original = load(shipped, None, {})
    save(original, changes)
    save(load(shipped, None, {}), dict.fromkeys(changes))
    assert load(shipped, None, {}).config == original.config


def test_nothing_changed_writes_nothing(shipped: Path) -> None:
    before = shipped.stat()
    save(load(shipped, None, {}), {"streams": [], "obs.port": 4455})
    assert shipped.stat().st_mtime_ns == before.st_mtime_ns and shipped.stat().st_ino == before.st_ino


def test_items_that_stay_keep_their_lines_and_comments(tmp_path: Path) -> None:
    file = written(
        tmp_path / "c.yaml",
        "# mine\nstreams:  # who\n    - '@Alice'   # the first\n\n    # friends\n    - bob\n    - carol # third\n"
        "\n# the end\nobs: {port: 4455, host: 'h'} # flow\n",
    )
    save(load(file, None, {}), {"streams": ["alice", "carol", "dave"], "obs.port": 4456})
    assert file.read_text("utf-8") == (
        "# mine\nstreams:  # who\n    - '@Alice'   # the first\n\n    # friends\n    - carol # third\n    - dave\n"
        "\n# the end\nobs: {port: '4456', host: h} # flow\n"
    ).replace("'4456'", "4456")


def test_an_emptied_list_keeps_the_comments_between_its_items(tmp_path: Path) -> None:
    file = written(tmp_path / "c.yaml", "streams: # who\n- a\n# between\n- b\nobs:\n  port: 1")
    save(load(file, None, {}), {"streams": []})
    assert file.read_text("utf-8") == "streams: [] # who\n# between\nobs:\n  port: 1"


def test_line_ends_and_byte_order_mark_stay(tmp_path: Path) -> None:
    file = written(tmp_path / "c.yaml", "\ufeff# c\r\nstreams:\r\n  - a\r\nui:\r\n  theme: nord\r\n")
    save(load(file, None, {}), {"streams": ["a", "b"], "obs.port": 1})
    assert file.read_bytes().decode() == (
        "\ufeff# c\r\nstreams:\r\n  - a\r\n  - b\r\nui:\r\n  theme: nord\r\n\r\nobs:\r\n  port: 1\r\n"
    )


def test_a_commented_out_setting_is_set_right_below_its_line(shipped: Path) -> None:
    save(load(shipped, None, {}), {"obs.password": "x"})
    assert "  # password: your-password\n  password: x\n" in shipped.read_text("utf-8")


def test_without_a_file_the_users_own_is_made_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_LIVE_HOME", str(tmp_path / "new" / "home"))
    monkeypatch.chdir(tmp_path)
    file = save(load(None, None, {}), {"obs.password": "secret", "streams": ["alice"]})
    assert file == paths.config_file()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    config = load(None, None, {}).config
    assert config.obs.password == "secret" and config.streams == ("alice",)


def test_the_mode_stays_and_a_secret_closes_the_file(shipped: Path) -> None:
    shipped.chmod(0o664)
    save(load(shipped, None, {}), {"obs.port": 1})
    assert stat.S_IMODE(shipped.stat().st_mode) == 0o664
    save(load(shipped, None, {}), {"obs.password": "x"})
    assert stat.S_IMODE(shipped.stat().st_mode) == 0o600


def test_a_link_stays_a_link_and_its_target_gets_the_change(tmp_path: Path, shipped: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(shipped)
    save(load(link, None, {}), {"obs.port": 1})
    assert link.is_symlink() and load(shipped, None, {}).config.obs.port == 1


def test_what_came_from_the_environment_is_never_written(shipped: Path) -> None:
    loaded = load(shipped, None, {"TUI_LIVE_OBS__PASSWORD": "hidden", "TUI_LIVE_STREAMS": "a,b", "SIGN_API_KEY": "key"})
    config = loaded.config
    changes = {"obs": config.obs, "tiktok": config.tiktok, "streams": list(config.streams), "ui.theme": "nord"}
    save(loaded, changes)
    text = shipped.read_text("utf-8")
    assert "hidden" not in text and "sign_api_key: key" not in text and "theme: nord" in text
    assert load(shipped, None, {}).config.streams == ()


def test_a_bad_change_is_refused_and_writes_nothing(shipped: Path) -> None:
    before = shipped.read_bytes()
    for changes in ({"obs.port": 0}, {"obs.prot": 1}, {"tiktok.offline_poll_seconds": 5}, {"streams": ["a b"]}):
        with pytest.raises(ConfigError):
            save(load(shipped, None, {}), changes)
    assert shipped.read_bytes() == before


def test_a_folder_that_may_not_be_written_is_said(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)  # root may write everywhere, and tests may run as root
    with pytest.raises(ConfigError, match="cannot be written: Permission denied — check the rights"):
        save(load(shipped, None, {}), {"obs.port": 1})


def test_a_write_that_fails_is_said_and_leaves_the_old_file(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shipped.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ConfigError, match="cannot be written: No space left"):
        save(load(shipped, None, {}), {"obs.port": 1})
    assert shipped.read_bytes() == before and [file.name for file in shipped.parent.iterdir()] == ["config.yaml"]


def test_a_layout_that_cannot_be_edited_is_refused_and_left_alone(tmp_path: Path) -> None:
    for text in ("{obs: {port: 1}}\n", "obs: &o\n  port: 1\nui: {}\nstreams: &s [a]\ntriggers: *s\n"):
        file = written(tmp_path / "c.yaml", text)
        with pytest.raises(ConfigError, match="by hand"):
            save(load(file, None, {}), {"streams": ["b"], "triggers": ["x"], "obs.port": 2})
        assert file.read_text("utf-8") == text


names = st.text("abcxyz_.1é猫", min_size=1, max_size=8).filter(lambda name: name.strip("."))
lists = st.lists(names, unique=True, max_size=6)
styles = st.sampled_from(["block", "indented", "flow", "absent", "empty"])
notes = st.sampled_from(["", "  # note", "\n  # note below", "\n\n# note far"])


@settings(max_examples=150, deadline=None)
@given(lists, lists, styles, notes, notes, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_list_in_any_style_becomes_any_other(
    old: list[str], new: list[str], style: str, note: str, inner: str, end: str, closed: bool
) -> None:
    margin = "" if style == "block" else "   "
    quoted = [f"'{name}'" for name in old]
    if style in ("block", "indented") and old:
        text = f"# top\nstreams:{note}\n" + "".join(f"{margin}- {name}{inner}\n" for name in quoted)
    elif style == "absent":
        text = "# top\n"
    else:
        text = f"# top\nstreams: {'' if style == 'empty' else '[' + ', '.join(quoted) + ']'}{note}\n"
    text = (text + ("# end\nui:\n  theme: x # theme\n" if closed else "")).replace("\n", end)
    from tui_live.config.document import parse

    after = put(text, ("streams",), new)
    assert parse(after, "x").data["streams"] == new
    assert ("theme: x # theme" in after) == closed and after.startswith("# top") and ("# end" in after) == closed
    assert style == "absent" or note in after.replace("\r", "")
    assert end == "\r\n" or "\r" not in after
