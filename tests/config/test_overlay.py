"""Names and origins are what browsers send, and never everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_live.config import Overlay, load
from tui_live.errors import ConfigError


def overlay(folder: Path, key: str, value: str) -> Overlay:
    file = folder / "c.yaml"
    file.write_text(f"overlay: {{{key}: {value}}}\n", "utf-8")
    return load(file, None, {}).config.overlay


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Example.com", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(tmp_path: Path, written: str, meant: str) -> None:
    assert overlay(tmp_path, "allowed_origins", f'["{written}", "{written}"]').allowed_origins == (meant,)


@pytest.mark.parametrize(
    "written",
    [
        *("*", "null", "https://*.example.com", "example.com", "https://example.com/", "https://example.com/x"),
        *("https://", "ftp://example.com", "https://a@example.com", "https://example.com:x", "https://:80"),
    ],
)
def test_what_is_no_origin_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigError, match="an origin such as"):
        overlay(tmp_path, "allowed_origins", f'["{written}"]')


@pytest.mark.parametrize("written", ["*", "example.com:443", "https://example.com", "a b", "", ".example.com", "a/b"])
def test_what_is_no_name_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigError, match="a host name, without a port"):
        overlay(tmp_path, "allowed_hosts", f'["{written}"]')


def test_names_are_taken(tmp_path: Path) -> None:
    assert overlay(tmp_path, "allowed_hosts", "[overlays.example.com, box]").allowed_hosts == (
        *("overlays.example.com", "box"),
    )
