"""A list of rows with a selection, drawn line by line: the base of every list but the log."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip

from tui_live.ui.viewport import thumb
from tui_live.ui.widgets.scrolled import Scrolled


def moving_keys(prefix: str, row: str) -> list[Binding]:
    """Keys that move the selection: ids ``prefix.up`` …, tooltips that call a row ``row``."""
    return [
        Binding(key, action, name, show=False, id=f"{prefix}.{name.replace(' ', '_')}", tooltip=tooltip)
        for key, action, name, tooltip in (
            ("up", "move(-1)", "up", f"The {row} above"),
            ("down", "move(1)", "down", f"The {row} below"),
            ("pageup", "page(-1)", "page up", "One screen up"),
            ("pagedown", "page(1)", "page down", "One screen down"),
            ("home", "move_first", "first", f"The first {row}"),
            ("end", "move_last", "last", f"The last {row}"),
        )
    ]


class RowsView(Scrolled):
    """Subclasses tell how many rows there are and draw one; after a change of what is shown they call ``redraw``.

    The cursor is always in the window, and stays on its row, known by ``row_key``, when the order changes; when the row
    goes, on its place. Only visible rows are drawn, and of them only those that came out different are repainted.
    """

    #: The cursor stays on the first row, whichever that is, until somebody moves it; Home puts it back there.
    STAYS_FIRST: ClassVar[bool] = False

    class Opened(Message):
        """Somebody wants to see a row in full: Enter, or a second press on it."""

        def __init__(self, rows: RowsView, index: int, key: Hashable) -> None:
            super().__init__()
            self.rows, self.index, self.key = rows, index, key

        @property
        def control(self) -> RowsView:
            """The list, for ``@on(RowsView.Opened, "#id")``."""
            return self.rows

    class Moved(Message):
        """The cursor is on another row: a person moved it, its row is gone, or another is first (``STAYS_FIRST``)."""

        def __init__(self, rows: RowsView, index: int, key: Hashable) -> None:
            super().__init__()
            self.rows, self.index, self.key = rows, index, key

        @property
        def control(self) -> RowsView:
            """The list, for ``@on(RowsView.Moved, "#id")``."""
            return self.rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._cursor = 0
        self._key: Hashable | None = None
        self._first = self.STAYS_FIRST
        self._top = 0
        self._width = 0
        self._shown: list[Strip] = []
        self._footer: Sequence[Iterable[Segment]] = ()

    # What subclasses say

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int, selected: bool) -> Iterable[Segment]:
        """A row as segments, of which ``width`` cells will be seen; every segment has a style (``self.pen(name)``).

        Called often, for visible rows only. The ground of the selection is laid under it afterwards.
        """
        raise NotImplementedError

    def row_key(self, index: int) -> Hashable:
        """What the row is known by when the order changes; ``None`` is no key. Without one, rows are their places."""
        return index

    def place_of(self, key: Hashable) -> int | None:
        """Where the row of that key is now. To be overridden where thousands of rows change places often."""
        count = self.row_count()
        if self._cursor < count and self.row_key(self._cursor) == key:
            return self._cursor
        return next((index for index in range(count) if self.row_key(index) == key), None)

    def header(self, width: int) -> Iterable[Segment] | None:
        """A line above the rows that does not scroll; it is left out of a list without rows or room."""
        return None

    def footer(self, width: int, height: int) -> Sequence[Iterable[Segment]]:
        """Lines below the rows that do not scroll, in a list ``height`` lines high; an empty list has none."""
        return ()

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """What an empty list says instead: lines and their pens."""
        return ()

    def resized(self, width: int) -> None:
        """Rows are ``width`` cells wide from now on; called before the first is drawn."""

    def selected_pen(self) -> str:
        """The pen of the ground below the selected row, or an empty string."""
        return "row--selected-focus" if self.has_focus else "row--selected"

    def ground_pen(self, index: int, selected: bool) -> str:
        """The pen of the ground below a row, or an empty string."""
        return self.selected_pen() if selected else ""

    def open_row(self) -> None:
        """Enter or a second press: by default, say so."""
        if self._key is not None:
            self.post_message(self.Opened(self, self._cursor, self._key))

    def moved(self) -> None:
        """The cursor is on another row: by default, say so."""
        self.post_message(RowsView.Moved(self, self._cursor, self._key))

    # What others use

    @property
    def cursor(self) -> int | None:
        """The place of the selected row; ``None`` when there are no rows."""
        return None if self._key is None else self._cursor

    @property
    def cursor_key(self) -> Hashable | None:
        """The key of the selected row; ``None`` when there are no rows."""
        return self._key

    def redraw(self) -> None:
        """What is shown has changed, or may have: follow the selected row and repaint what came out different."""
        self._settle()
        size = self.content_size
        if not size.width or not size.height:
            return
        if not self.is_on_screen:
            if self._shown:
                self._shown = []
                self.refresh()
            return
        before, self._shown = self._shown, self._draw()
        if len(before) != len(self._shown) or before[0].cell_length != size.width:
            self.refresh()
            return
        left, top = self.gutter.left, self.gutter.top
        changed = [y for y, strip in enumerate(self._shown) if strip != before[y]]
        if changed:
            self.refresh(*(Region(left, top + y, size.width, 1) for y in changed))

    def select(self, index: int) -> None:
        """Put the cursor on a row, on the first or last for a place beyond them."""
        self._first = False
        self._put(index)
        self.redraw()

    def select_key(self, key: Hashable) -> bool:
        """Put the cursor on the row of that key; tell whether there is one."""
        place = self.place_of(key)
        if place is not None:
            self.select(place)
        return place is not None

    def move(self, rows: int) -> None:
        """Move the cursor, up when negative."""
        self.select(self._cursor + rows)

    # Moving

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.move(rows)

    def action_page(self, pages: int) -> None:
        """Move by screens, one row of overlap."""
        self.move(pages * max(1, self._room() - 1))

    def action_move_first(self) -> None:
        """The first row."""
        self.select(0)
        self._first = self.STAYS_FIRST

    def action_move_last(self) -> None:
        """The last row."""
        self.select(self.row_count() - 1)

    def action_open(self) -> None:
        """Open the selected row."""
        self.open_row()

    def wheel(self, lines: int) -> None:
        """Scroll; the cursor stays on its row as long as that is in the window."""
        self._look_from(self._top + lines)

    def drag_to(self, part: float) -> None:
        """Scroll to a part of the rows."""
        self._look_from(round(part * max(0, self.row_count() - self._room())))

    def pressed(self, offset: Offset, again: bool) -> None:
        """Find the row under the mouse."""
        index = self._top + offset.y - self.head
        if self.head <= offset.y < self.content_size.height - self.foot and index < self.row_count():
            self.row_pressed(index, again)

    def row_pressed(self, index: int, again: bool) -> None:
        """Select a row; a second press on it opens it."""
        opens = again and index == self._cursor
        self.select(index)
        if opens:
            self.open_row()

    def _look_from(self, top: int) -> None:
        count, room = self.row_count(), self._room()
        self._top = max(0, min(top, count - room))
        place = min(max(self._cursor, self._top), self._top + room - 1)
        if place != self._cursor:
            self.select(place)
        else:
            self.redraw()

    def _put(self, index: int) -> None:
        count = self.row_count()
        self._first = self._first if count else self.STAYS_FIRST
        self._cursor = max(0, min(index, count - 1))
        key = self.row_key(self._cursor) if count else None
        if key != self._key:
            self._key = key
            if key is not None:
                self.moved()

    def _settle(self) -> None:
        """Find width, cursor and window anew."""
        width = max(0, self.content_size.width - 1)
        if width and width != self._width:
            self._width = width
            self.resized(width)
        count = self.row_count()
        place = None if self._first or self._key is None else self.place_of(self._key)
        self._put(0 if self._first else self._cursor if place is None else place)
        with_header = count > 0 and self.content_size.height > 1 and self.header(width) is not None
        self.head = int(with_header)
        self._footer = self.footer(width, self.content_size.height) if count else ()
        self.foot = len(self._footer)
        if self.content_size.height:
            room = self._room()
            self._top = min(max(self._top, self._cursor - room + 1), self._cursor)
            self._top = max(0, min(self._top, count - room))

    def _room(self) -> int:
        return max(1, self.content_size.height - self.head - self.foot)

    # Drawing

    def thumb(self) -> tuple[int, int]:
        """Where the scrollbar's thumb is, in lines below the header."""
        return thumb(self._top, self._room(), self.row_count())

    def render_line(self, y: int) -> Strip:
        """One line; all of them are drawn where that has not been done yet."""
        width, height = self.content_size
        if len(self._shown) != height or self._shown[0].cell_length != width:
            self._settle()
            self._shown = self._draw()
        return self._shown[y] if y < len(self._shown) else Strip.blank(width, self.pen())

    def _draw(self) -> list[Strip]:
        width, height = self.content_size
        count = self.row_count()
        if not count:
            said = dict(enumerate(self.empty_text(), 1 if height > 1 else 0))
            return [
                self.message_line(*((" " + said[y][0], said[y][1]) if y in said else ("", ""))) for y in range(height)
            ]
        strips = []
        if self.head:
            strips.append(self._filled(self.header(width - 1) or (), width))
        for y in range(height - self.head - self.foot):
            index = self._top + y
            row = self._row(index, width - 1) if index < count else Strip.blank(width - 1, self.pen())
            strips.append(Strip([*row, self.bar(y)], width))
        return strips + [self._filled(line, width) for line in self._footer]

    def _row(self, index: int, width: int) -> Strip:
        selected = index == self._cursor
        strip = self._filled(self.draw_row(index, width, selected), width)
        pen = self.ground_pen(index, selected)
        return self.highlighted(strip, pen) if pen else strip

    def _filled(self, segments: Iterable[Segment], width: int) -> Strip:
        return Strip(segments).adjust_cell_length(width, self.pen())

    def restyled(self) -> None:
        """Rows were drawn in other styles."""
        self._shown = []

    def on_focus(self) -> None:
        """The selection shows where the focus is."""
        self.redraw()

    def on_blur(self) -> None:
        """The selection is quiet elsewhere."""
        self.redraw()

    def on_resize(self) -> None:
        """Another size shows other rows."""
        self._shown = []
        self.redraw()
