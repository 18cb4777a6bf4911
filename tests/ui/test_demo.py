"""The demo leaves what is the operator's alone: settings, OBS, database."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tui_live.config import Loaded, load
from tui_live.config.save import save
from tui_live.errors import ConfigError
from tui_live.ui import run

OWN = """\
streams: [alice]
tiktok: {proxy: "http://127.0.0.1:9", session_id: mine}
obs: {enabled: true, password: secret-word}
triggers: [{gift_coins: 10}]
database: {path: mine.db, retention_days: 1}
scoring: {comment_points: 2}
"""


async def test_nothing_of_the_operators_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(OWN)
    made: list[Loaded] = []

    async def take(prepare) -> None:
        made.append(await prepare())

    tasks = []

    def opened(loaded: Loaded, prepare: run.Prepare, *, demo: bool) -> SimpleNamespace:
        tasks.append((prepare, demo))
        return SimpleNamespace(return_code=0)

    monkeypatch.setattr(run, "_run", opened)
    run.run_demo(load(file))
    [(prepare, demo)] = tasks
    await take(prepare)
    [loaded] = made
    config = loaded.config
    assert demo
    assert (config.obs.enabled, config.obs.password) == (False, None)
    assert (config.tiktok.proxy, config.tiktok.session_id) == (None, None)
    assert config.tiktok.web_url.startswith("http://127.0.0.1:")
    assert "alice" not in config.streams and config.streams
    assert config.database.path.name == "demo.db" and config.database.retention_days is None
    assert len(config.triggers) > 2 and {trigger.gift_coins for trigger in config.triggers} == {None, 500}
    assert config.scoring.comment_points == 2
    with pytest.raises(ConfigError, match="demo saves no settings"):
        save(loaded, {"streams": ["bob"]})
    assert file.read_text() == OWN
