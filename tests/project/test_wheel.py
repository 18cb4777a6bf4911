"""What is installed from the wheel works without the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=kept | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an empty environment with our wheel; the libraries are borrowed from the tests' environment.

    The wheel is built from a copy, and by the backend that ``pyproject.toml`` names, from the environment itself.
    """
    assert find_spec("hatchling"), "hatchling is in the dev group"
    folder = tmp_path_factory.mktemp("wheel")
    left_out = shutil.ignore_patterns(".*", "__pycache__", "*.db*", "tests", "bench")
    shutil.copytree(ROOT, folder / "source", ignore=left_out)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=folder / "source")
    wheel = next(folder.glob("*.whl"))
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder))
    # A .pth line adds the folder itself, and not the .pth files in it, among which is the checkout's own.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python.parent


def test_the_command_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    assert "0.1.0" in run(installed / "tui-live", "--version", cwd=tmp_path)


def test_styles_and_default_configuration_come_with_it(installed: Path, tmp_path: Path) -> None:
    program = """
import tui_live
from tui_live import paths
from tui_live.config import Config, load
assert load(paths.default_config(), None, {}).config == Config()
styles = paths.styles_dir()
print(tui_live.__file__, styles, paths.default_config(), *sorted(file.name for file in styles.iterdir()))
"""
    package, styles, config, *names = run(installed / "python", "-c", program, cwd=tmp_path).split()
    assert all(Path(place).is_relative_to(installed.parent) for place in (package, styles, config))
    assert names == sorted(file.name for file in (ROOT / "styles").iterdir())


def test_an_installed_one_makes_the_same_database(installed: Path, tmp_path: Path) -> None:
    program = "from tui_live.store.migrations import STEPS; print(hash(STEPS))"
    ours = run(sys.executable, "-c", program, cwd=ROOT, PYTHONHASHSEED="0")
    assert run(installed / "python", "-c", program, cwd=tmp_path, PYTHONHASHSEED="0") == ours


def test_licence_and_notice_come_with_it(installed: Path) -> None:
    licences = {file.name for file in installed.parent.glob("lib/*/site-packages/tui_live-*.dist-info/licenses/*")}
    assert licences == {"LICENSE", "NOTICE"}
