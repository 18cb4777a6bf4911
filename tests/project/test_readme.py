"""The README names every command and option, and its pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tui_live.cli import commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_every_command_and_option_is_documented() -> None:
    for name, command in commands.commands.items():
        if command.hidden:
            continue
        assert f"tui-live {name}" in README, name
        assert command.help
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help
    options = {name for param in commands.params for name in param.opts if isinstance(param, click.Option)}
    for name in sorted(options - {"-h"}):
        assert name in README, name
    for name in ("--until-ended", "--json", "--port"):
        assert name in README


def test_nothing_is_documented_that_is_not_there() -> None:
    for name in re.findall(r"^\| `tui-live (\w+)", README, re.MULTILINE):
        assert name in commands.commands, name


def test_pictures_and_files_that_are_linked_exist() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_make_knows_what_the_readme_says() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"\bmake (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
