"""``tui-live erase``: the files of clips lose a person's name."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path, PurePath, PureWindowsPath

from tui_live.core.traces import ERASED
from tui_live.obs.naming import extension_of, without_names
from tui_live.obs.renaming import ClipFileError, free_name, rename

log = logging.getLogger(__name__)


class Unnaming:
    """Renames files, and can take all of it back."""

    def __init__(self) -> None:
        self._done: list[tuple[Path, Path]] = []
        self.elsewhere: list[str] = []
        """Files that bear the name, but not here."""

    def unname(self, path: str, names: Collection[str], *, deleted: bool = False) -> str:
        """Rename the file at ``path`` so that none of ``names`` stands in its name; returns where it is from then on.

        A file that is not there any more, or on another machine, only loses the name in what is returned, and is added
        to :attr:`elsewhere` unless it was ``deleted``. Raises
        :class:`~tui_live.obs.renaming.ClipFileError` when the file is there and cannot be renamed.
        """
        pure = PureWindowsPath(path) if "\\" in path else PurePath(path)
        extension = extension_of(pure.name)
        stem = pure.name.removesuffix(extension)
        without = without_names(stem, names, ERASED)
        if without == stem:
            return path
        here = Path(path)
        if not here.is_absolute() or not here.exists():
            if not deleted:
                self.elsewhere.append(path)
            return str(pure.with_name(without + extension))
        while True:
            target = free_name(here.parent, without, extension)
            if rename(here, target):
                self._done.append((here, target))
                return str(target)

    def restore(self) -> None:
        """Give every renamed file its old name again: nothing is erased after all."""
        for before, after in reversed(self._done):
            with contextlib.suppress(ClipFileError):
                if not rename(after, before):
                    log.error("%s keeps that name: %s is taken", after, before)
        self._done.clear()
