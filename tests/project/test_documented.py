"""The commented default, the schema and the settings' own words say the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tui_live import paths
from tui_live.config import Config, load, rulebook, schema
from tui_live.config.document import parse, read_file
from tui_live.config.keys import settings

SHIPPED = Path(__file__).parents[2] / "config.yaml"
_SHOWN = re.compile(r"^( *)(?:# )?([a-z_]+):(?: |$)")


def keys_shown() -> set[str]:
    """Every key of the file, commented out or not, by its dotted name."""
    found: set[str] = set()
    section = ""
    for line in SHIPPED.read_text("utf-8").splitlines():
        match = _SHOWN.match(line)
        if match and not match[1] and not line.startswith("#"):
            section = match[2]
            found.add(section)
        elif match and match[1] == "  ":
            found.add(f"{section}.{match[2]}")
    return found


def keys_of_schema() -> set[str]:
    keys = {key for key in settings() if not key.startswith("scoring.likes_per_point.")} | {"scoring.likes_per_point"}
    return keys | {key.partition(".")[0] for key in keys}


def test_the_shipped_file_says_exactly_the_defaults() -> None:
    assert load(SHIPPED, None, {}).config == Config()
    assert paths.default_config() == SHIPPED


def test_every_setting_is_in_the_shipped_file_and_nothing_else() -> None:
    assert keys_shown() == keys_of_schema()


def test_a_setting_with_a_default_is_written_out_and_one_without_is_not() -> None:
    written = set(_leaves(read_file(SHIPPED).data))
    for key in settings():
        if key.startswith("scoring."):
            continue
        value: object = Config()
        for name in key.split("."):
            value = getattr(value, name)
        has_default = value is not None and key != "trends.ms_tokens"
        assert (key in written) == has_default, key


def test_every_commented_out_setting_works_when_its_sign_is_taken_away(tmp_path: Path) -> None:
    text = re.sub(r"^  # (?=[a-z_]+: )", "  ", SHIPPED.read_text("utf-8"), flags=re.MULTILINE)
    file = tmp_path / "config.yaml"
    file.write_text(text, "utf-8")
    config = load(file, None, {}).config
    assert config.obs.password == "your-password" and config.trends.ms_tokens == ("your-token",)


def test_the_examples_of_triggers_work(tmp_path: Path) -> None:
    shown = re.findall(r"^#   (- \{.*\})", SHIPPED.read_text("utf-8"), re.MULTILINE)
    assert len(shown) == 5
    file = tmp_path / "config.yaml"
    file.write_text("triggers:\n" + "\n".join(shown), "utf-8")
    assert len(load(file, None, {}).config.triggers) == 5
    assert parse(file.read_text("utf-8"), "").data


@pytest.mark.parametrize("module", [schema, rulebook], ids=["schema", "rulebook"])
def test_every_setting_has_a_line_that_says_what_it_means(module: object) -> None:
    tree = ast.parse(Path(str(vars(module)["__file__"])).read_text("utf-8"))
    silent = []
    for section in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        if not any("Section" in ast.unparse(base) for base in section.bases):
            continue
        for at, node in enumerate(section.body):
            if isinstance(node, ast.AnnAssign):
                below = section.body[at + 1] if at + 1 < len(section.body) else None
                said = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                silent += [] if said else [f"{section.name}.{ast.unparse(node.target)}"]
    assert silent == []


def _leaves(data: object, prefix: str = "") -> list[str]:
    if isinstance(data, dict) and data and prefix.count(".") < 2:
        return [leaf for key, value in data.items() for leaf in _leaves(value, f"{prefix}{key}.")]
    return [prefix.rstrip(".")]
