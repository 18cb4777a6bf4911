"""The pages' files: read once, so that no path from outside ever reaches the disk."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

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
#: What stands around all pages of a folder, with places for what differs.
_FRAME = "_frame.html"
_TITLE = re.compile(rb"<title>(.*)</title>\n")


class Site:
    """Every page of a folder with a frame, and every file of the others, by its name; ``/`` is the page ``index``.

    A page is a title and what is in its body; ``/overlay`` is ``overlay/overlay.html`` inside ``overlay/_frame.html``.
    ``stand_in`` is the origin of the stand-in for TikTok. ``version`` changes with the program and every change of a
    file.
    """

    def __init__(
        self,
        background: str = "",
        let_in: Callable[[web.Request, web.StreamResponse], None] = lambda *_: None,
        stand_in: str = "",
        folder: Path = _FOLDER,
    ) -> None:
        self._let_in = let_in
        folder = folder.resolve()
        found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _TYPES)
        # Whatever a link leads to was not written for everybody to read.
        own = [path for path in found if path.resolve() == path]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in own}
        digest = hashlib.sha256(f"{__version__} {background} {stand_in}".encode())
        for name, data in files.items():
            digest.update(name.encode() + b"\0" + data)
        self.version = digest.hexdigest()[:16]
        words = {"version": self.version, "background": html.escape(background), "stand-in": html.escape(stand_in)}
        self._files = {name: data for name, data in files.items() if not _is_page(name)}
        for name, frame in files.items():
            if name.endswith(f"/{_FRAME}"):
                self._files |= _framed(frame, PurePosixPath(name).parent, files, words)

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


def _framed(frame: bytes, folder: PurePosixPath, files: dict[str, bytes], words: dict[str, str]) -> dict[str, bytes]:
    """The pages of a folder inside its frame, by the names under which they are served."""
    made: dict[str, bytes] = {}
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.parent != folder or path.name == _FRAME:
            continue
        title = _TITLE.match(data)
        assert title is not None, f"{name} begins with no title"
        page = frame
        for place, word in {**words, "name": path.stem}.items():
            page = page.replace(f"{{{{{place}}}}}".encode(), word.encode())
        made[path.name] = page.replace(b"{{title}}", title[1]).replace(b"{{body}}", data[title.end() :].rstrip())
    return made
