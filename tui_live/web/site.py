"""The pages' files: read once, so that no path from outside ever reaches the disk."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
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
#: What stands in a page's HTML for the version of all of them, and for the configured background.
_VERSION, _BACKGROUND = b"{{version}}", b"{{background}}"


class Site:
    """Every file below ``pages/`` by its name; ``/overlay`` is ``overlay.html``, ``/`` is ``index.html``.

    ``version`` changes with the program and with every change of a file.
    """

    def __init__(
        self,
        background: str = "",
        let_in: Callable[[web.Request, web.StreamResponse], None] = lambda *_: None,
        folder: Path = _FOLDER,
    ) -> None:
        self._let_in = let_in
        folder = folder.resolve()
        found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _TYPES)
        # Whatever a link leads to was not written for everybody to read.
        own = [path for path in found if path.resolve() == path]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in own}
        digest = hashlib.sha256(f"{__version__} {background}".encode())
        for name, data in files.items():
            digest.update(name.encode() + b"\0" + data)
        self.version = digest.hexdigest()[:16]
        words = {_VERSION: self.version.encode(), _BACKGROUND: html.escape(background).encode()}
        self._files = {name: _filled(data, words) if _is_page(name) else data for name, data in files.items()}

    @property
    def pages(self) -> list[str]:
        """The paths of the pages."""
        names = [name.removesuffix(".html") for name in self._files if _is_page(name)]
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
        response = web.Response(body=data, content_type=_TYPES[suffix], charset=charset)
        if _is_page(name):
            self._let_in(request, response)
        return response


def _is_page(name: str) -> bool:
    return name.endswith(".html")


def _filled(data: bytes, words: dict[bytes, bytes]) -> bytes:
    for place, word in words.items():
        data = data.replace(place, word)
    return data
