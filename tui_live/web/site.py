"""The pages' files: read once, so that no path from outside ever reaches the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

from tui_live import __version__

_FOLDER = Path(__file__).parent / "pages"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_TEXTS = frozenset({".html", ".css", ".js", ".svg"})
#: Where a page stands in a page's HTML for the version of all of them.
_PLACE = b"{{version}}"


class Site:
    """Every file below ``pages/`` by its name; ``/overlay`` is ``overlay.html``, ``/`` is ``index.html``.

    ``version`` changes with the program and with every change of a file.
    """

    def __init__(self, folder: Path = _FOLDER) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _TYPES)
        self._files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        digest = hashlib.sha256(__version__.encode())
        for name, data in self._files.items():
            digest.update(name.encode() + b"\0" + data)
        self.version = digest.hexdigest()[:16]
        self._files = {
            name: data.replace(_PLACE, self.version.encode()) if name.endswith(".html") else data
            for name, data in self._files.items()
        }

    @property
    def pages(self) -> list[str]:
        """The paths of the pages."""
        names = [name.removesuffix(".html") for name in self._files if name.endswith(".html")]
        return sorted(f"/{'' if name == 'index' else name}" for name in names)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The file of that name."""
        name = request.path.strip("/") or "index"
        if name not in self._files:
            name += ".html"
        data = self._files.get(name)
        if data is None:
            raise web.HTTPNotFound(text="There is no such page here.")
        suffix = Path(name).suffix
        charset = "utf-8" if suffix in _TEXTS else None
        return web.Response(body=data, content_type=_TYPES[suffix], charset=charset)
