"""For all tests: nobody's real folders, variables or terminal matter, and a skip can be made to count as a failure."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

#: Set by ``.ci/run``: there everything that a test may need is installed, so a skipped test is a hole.
NO_SKIPS = os.environ.get("TUI_LIVE_NO_SKIPS", "") not in ("", "0")
_FOREIGN = ("SIGN_API_KEY", "TIKTOK_TRENDING_LIMIT", "TIKTOK_MIN_ENGAGEMENT_VELOCITY", "RATE_LIMIT_DELAY", "NO_COLOR")
_KEPT = ("TUI_LIVE_NO_SKIPS",)
_HERE = Path(__file__).parent
#: Folders of tests with processes, browsers, servers, OBS and whole consoles.
_LONG = [(name,) for name in ("cli", "doctor", "e2e", "obs", "project", "report", "simulator", "trends", "ui", "web")]


# How long an example takes says more about the machine than about us, and a commit's tests are the same every time.
settings.register_profile(
    "tui-live",
    max_examples=50,
    deadline=None,
    derandomize=NO_SKIPS,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tui-live")


@pytest.fixture(scope="session", autouse=True)
def isolated_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home for the whole run, and no setting from the environment of whoever runs the tests.

    Playwright's browsers and the caches of uv and pip stay where they are.
    """
    home = tmp_path_factory.mktemp("home")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("TUI_LIVE_") and name not in _KEPT]:
            patch.delenv(name)
        for name in _FOREIGN:
            patch.delenv(name, raising=False)
        for name, folder in (
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", "state"),
        ):
            patch.setenv(name, str(home / folder))
        patch.setenv("XDG_CACHE_HOME", str(cache))
        patch.setenv("HOME", str(home))
        patch.setenv("TUI_LIVE_HOME", str(home / "tui-live"))
        yield home


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``TUI_LIVE_HOME`` and an empty working folder for one test."""
    home, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("TUI_LIVE_HOME", str(home))
    monkeypatch.chdir(work)
    return home


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Logging that a test set up ends with the test."""
    root = logging.getLogger()
    handlers, level, raising = list(root.handlers), root.level, logging.raiseExceptions
    yield
    from tui_live.logs import PrivateFile

    for handler in [
        handler for handler in root.handlers if isinstance(handler, PrivateFile) and handler not in handlers
    ]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.raiseExceptions = raising


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first, waiting and computing ones mixed, so that short ones fill up the end of a run.

    Whoever runs tests in several processes hands out file by file in this order.
    """
    folders: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        folders.setdefault(path.parent, []).append(path)
    turns = {
        path: place / len(files) if folder.relative_to(_HERE).parts[:1] in _LONG else 1.0
        for folder, files in folders.items()
        for place, path in enumerate(files)
    }
    items.sort(key=lambda item: turns[item.path])


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """All modules are there for good: the collector need not go through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[pytest.TestReport]:
    """A skip, and an expected failure, is a failure where nothing may be skipped."""
    report: pytest.TestReport = yield
    if NO_SKIPS and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {reason}"
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[pytest.CollectReport]:
    """The same for a module that skips itself as a whole."""
    report: pytest.CollectReport = yield
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report
