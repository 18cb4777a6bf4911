"""Writing changed settings back, with the file's comments, order and quoting kept."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from tui_live import paths
from tui_live.config.convert import Refused, convert, plain
from tui_live.config.document import parse, read_text
from tui_live.config.edit import CannotEdit, put
from tui_live.config.keys import assemble, at, is_section, secret_keys, settings, value_of
from tui_live.config.layers import Given, checked, from_document, spread
from tui_live.config.load import Loaded, check_together
from tui_live.errors import ConfigError

_NEW = "# TUI Live: your own settings. All settings, with their meanings, are in the config.yaml that comes with it.\n"


def save(loaded: Loaded, changes: Mapping[str, object]) -> Path:
    """Write ``changes`` (values by dotted key, ``None`` for "the default again") to ``loaded.path`` and return it.

    What came from the environment and did not change since is left out. The result is checked before anything is
    written, and written at once or not at all. Raises :class:`ConfigError`.
    """
    if loaded.passing:
        raise ConfigError("The demo saves no settings", "open tui-live without demo to change yours")
    path = loaded.path.resolve()
    wanted = _wanted(loaded, changes)
    exists = path.exists()
    before = read_text(path) if exists else _NEW
    mark, text = ("\ufeff", before[1:]) if before.startswith("\ufeff") else ("", before)
    known = _values(text, path)
    expected = dict(known)
    for key, value in wanted.items():
        if value is None:
            expected.pop(key, None)
        elif key not in known or known[key] != value:
            expected[key] = value
    effective = {key: value_of(loaded.config, key) for key in settings()} | wanted
    check_together(assemble(effective), _places(path))
    try:
        for key, value in wanted.items():
            if known.get(key) != value:
                hint = settings()[key]
                text = put(text, tuple(key.split(".")), None if value is None else plain(hint, value), _same(hint))
        right = _values(text, path) == expected
    except (CannotEdit, ConfigError):
        right = False
    if not right:
        raise ConfigError(f"{path} is laid out so that it cannot be changed in place", "change it by hand")
    secret = any(known.get(key) != expected.get(key) for key in secret_keys())
    if not exists or mark + text != before:
        _write(path, mark + text, exists, secret)
    return path


def _wanted(loaded: Loaded, changes: Mapping[str, object]) -> dict[str, Any]:
    """The changes as checked values by setting."""
    wanted: dict[str, Any] = {}
    for key, value in changes.items():
        if value is None and key in settings():
            wanted[key] = None
            continue
        for given in spread(key, value, "the change"):
            made = checked(given)
            if not (loaded.from_environment(given.key) and made == value_of(loaded.config, given.key)):
                wanted[given.key] = made
    return wanted


def _values(text: str, path: Path) -> dict[str, Any]:
    return {given.key: checked(given) for given in from_document(parse(text, str(path)), path)}


def _places(path: Path) -> dict[str, Given]:
    return {key: Given(key, None, str(path), str(path), path.parent) for key in settings() if not is_section(at(key))}


def _same(hint: Any) -> Callable[[Any], Any]:
    """Tells list items apart by what they mean: ``"@Alice"`` is ``alice``."""
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(base) is not tuple:
        return repr
    item_hint = get_args(base)[0]

    def meaning(item: Any) -> Any:
        try:
            return convert(item_hint, item)
        except Refused:
            return repr(item)

    return meaning


def _write(path: Path, text: str, exists: bool, secret: bool) -> None:
    """Exchange the file in one step. A new one is for its owner alone, as is one that gets a secret."""
    try:
        if exists:
            old = path.stat()
        else:
            paths.private(path.parent)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                if exists:
                    os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode) & (0o700 if secret else 0o7777))
                    with contextlib.suppress(OSError):  # only root may give a file away
                        os.fchown(file.fileno(), old.st_uid, old.st_gid)
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror or error}",
            "check the rights of the file and its folder, or start with another file: -c FILE",
        ) from error
