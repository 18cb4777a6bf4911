"""First paint of ``tui-live`` against a bare Textual app, from exec to the bytes that paint the screen.

Both run in a pty of 120×40 with warm bytecode, in turn. ``python -m bench.startup [--runs N] [--importtime]``
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._machine import report_machine, verdict
from bench._terminal import Terminal

_GOAL = 1.3
_BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("bare app")

def main():
    Bare().run()
"""


def first_paint(command: Sequence[str], marker: bytes, folder: Path) -> float:
    """Seconds from exec until ``marker`` is on the screen."""
    with Terminal(command, folder, columns=120, rows=40, environment=_environment(folder)) as terminal:
        return terminal.until(marker, since=terminal.began)


def _environment(folder: Path) -> dict[str, str]:
    """As a user's: bytecode is written and used; the program's own files go to a folder of their own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "TUI_LIVE_HOME")}
    return {**kept, "TUI_LIVE_HOME": str(folder), "PYTHONPATH": str(folder)}


def run(runs: int) -> bool:
    """Measure in turn, print both medians and the ratio, and tell whether the goal is met."""
    with tempfile.TemporaryDirectory(prefix="tui-live-bench-") as name:
        folder = Path(name)
        (folder / "bench_bare.py").write_text(_BARE)
        ours, bare = _commands(folder)
        for _ in range(2):  # compiles, and brings the files into memory
            first_paint(*ours, folder)
            first_paint(*bare, folder)
        painted: list[tuple[float, float]] = []
        for _ in range(runs):
            painted.append((first_paint(*ours, folder), first_paint(*bare, folder)))
    our, theirs = (statistics.median(pair[which] for pair in painted) * 1e3 for which in (0, 1))
    print(f"tui-live   median {our:6.1f} ms, fastest {min(pair[0] for pair in painted) * 1e3:6.1f}  ({runs} runs)")
    print(f"bare app   median {theirs:6.1f} ms, fastest {min(pair[1] for pair in painted) * 1e3:6.1f}")
    print(f"ratio      {our / theirs:.2f} (at most {_GOAL})  {verdict(our / theirs <= _GOAL)}")
    return our / theirs <= _GOAL


def _commands(folder: Path) -> tuple[tuple[list[str], bytes], tuple[list[str], bytes]]:
    """How each is started, and what its first screen shows."""
    settings = folder / "config.yaml"
    settings.write_text("streams: []\n")
    script = Path(sys.executable).with_name("tui-live")
    ours = [str(script)] if script.exists() else [sys.executable, "-m", "tui_live"]
    bare = folder / "bare"
    bare.write_text(f"#!{sys.executable}\nimport sys\nfrom bench_bare import main\nsys.exit(main())\n")
    bare.chmod(0o700)
    return ([*ours, "-c", str(settings)], b" Streams "), ([str(bare)], b"bare app")


def import_times(most: int) -> None:
    """Print what the console imports before its first paint and a bare app does not, the dearest modules first."""
    with tempfile.TemporaryDirectory(prefix="tui-live-bench-") as name:
        environment = _environment(Path(name))
        bare = (
            "from textual.app import App; from textual.widgets import Static; from textual.drivers import linux_driver"
        )
        ours = f"{bare}; import tui_live.cli, tui_live.ui.run, tui_live.config, tui_live.logs"
        for _ in range(2):
            spent = [_imports(code, environment) for code in (bare, ours)]
    extra = {module: own for module, own in spent[1].items() if module not in spent[0]}
    print(f"imported beyond a bare app's: {len(extra)} modules, {sum(extra.values()) / 1e3:.1f} ms")
    for module, own in sorted(extra.items(), key=lambda pair: -pair[1])[:most]:
        print(f"  {own / 1e3:6.1f} ms  {module}")


def _imports(code: str, environment: dict[str, str]) -> dict[str, int]:
    """Microseconds of each module's own import."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stderr
    lines = (line.removeprefix("import time:").split("|") for line in said.splitlines() if "|" in line)
    return {module.strip(): int(own) for own, _, module in lines if own.strip().isdigit()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--importtime", type=int, metavar="N", help="also name the N dearest imports of ours")
    arguments = parser.parse_args()
    report_machine()
    run(arguments.runs)
    if arguments.importtime:
        import_times(arguments.importtime)
