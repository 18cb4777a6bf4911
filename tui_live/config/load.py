"""The configuration in effect, put together from its layers, and which layer each value came from.

Command line, then environment, then a file (the one given by ``-c``; else ``config.yaml`` in the working folder over
the user's own), then defaults.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui_live import paths
from tui_live.config.keys import assemble, settings
from tui_live.config.layers import ENVIRONMENT, Given, checked, from_environment, from_file, spread
from tui_live.config.schema import Config
from tui_live.core.scoring import FINEST
from tui_live.errors import ConfigError

DEFAULT = "default"
COMMAND_LINE = "command line"


class Loaded(Struct, frozen=True):
    """A configuration and where it came from.

    ``path`` is the file that :func:`tui_live.config.save` writes; it need not exist yet. ``sources`` tells for each
    dotted key ``default``, a file's path, ``environment variable NAME`` or ``command line``; ``files`` were read.
    ``passing``: these are not the operator's settings, and nothing of them is saved.
    """

    config: Config
    path: Path
    sources: Mapping[str, str]
    files: tuple[Path, ...] = ()
    passing: bool = False

    def from_environment(self, key: str) -> bool:
        """Whether the value of this dotted key came from the environment, and so belongs in no file."""
        return self.sources.get(key, "").startswith(ENVIRONMENT)


def load(
    path: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read, check and combine all layers; ``overrides`` are the command line's by dotted key, ``None`` is "not given".

    Raises :class:`ConfigError` with one line that names file, key, value and what is allowed.
    """
    files = _files(path)
    layers: list[Given] = []
    for file in files:
        layers += from_file(file)
    layers += from_environment(os.environ if environ is None else environ)
    for key, value in (overrides or {}).items():
        layers += spread(key, value, COMMAND_LINE)
    values: dict[str, Any] = {}
    strongest: dict[str, Given] = {}
    for given in layers:
        values[given.key] = checked(given)
        strongest[given.key] = given
    config = assemble(values)
    check_together(config, strongest)
    sources = {key: strongest[key].source if key in strongest else DEFAULT for key in settings()}
    target = path or (files[-1] if files else paths.config_file())
    return Loaded(config, target.absolute(), sources, tuple(files))


def check_together(config: Config, given: Mapping[str, Given]) -> None:
    """What no setting can check alone; raises :class:`ConfigError`."""
    tiktok = config.tiktok
    if tiktok.offline_poll_seconds < tiktok.poll_floor:
        key = "tiktok.offline_poll_seconds"
        place = given[key].place if key in given else DEFAULT
        raise ConfigError(
            f"{place}: {key} is {tiktok.offline_poll_seconds:g}",
            f"allowed: {tiktok.poll_floor:g} seconds or more, as long as web_url and webcast_url are TikTok's own",
        )
    if config.scoring.rules().scale > FINEST:
        place = next((each.place for key, each in given.items() if key.startswith("scoring.")), DEFAULT)
        raise ConfigError(
            f"{place}: scoring has points in fractions that have nothing in common",
            "allowed: numbers with fewer decimals (points are counted exactly, in millionths at most)",
        )


def _files(path: Path | None) -> list[Path]:
    """The files to read, the weakest first."""
    if path is not None:
        return [path]
    found = [file for file in (paths.config_file(), Path("config.yaml").absolute()) if file.exists()]
    return found[:1] if len(found) > 1 and found[0].samefile(found[1]) else found
