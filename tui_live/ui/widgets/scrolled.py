"""What all lists of lines share: the wheel, and a scrollbar that is drawn at the right and can be dragged."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Offset

from tui_live.ui.widgets.line_widget import LineWidget

_WHEEL_LINES = 3


class Scrolled(LineWidget):
    """Turns what the mouse does into ``wheel``, ``drag_to`` and ``pressed``, which subclasses carry out."""

    #: Lines above those that scroll, and below them.
    head = foot = 0
    _dragging = False
    _pressed_here = False

    def thumb(self) -> tuple[int, int]:
        """First and last-plus-one line of the scrollbar's thumb; ``(0, 0)`` when everything fits."""
        raise NotImplementedError

    def wheel(self, lines: int) -> None:
        """Scroll by so many lines, up when negative."""
        raise NotImplementedError

    def drag_to(self, part: float) -> None:
        """Scroll to a part of the whole, 0 … 1."""
        raise NotImplementedError

    def pressed(self, offset: Offset, again: bool) -> None:
        """The mouse went down at a cell of the content.

        ``again`` is false for the first press since the focus came: it may only have been meant to bring it.
        """

    def bar(self, y: int) -> Segment:
        """The piece of the scrollbar beside line ``y`` of those that scroll."""
        start, end = self.thumb()
        if start <= y < end:
            return Segment("┃", self.pen("log--thumb"))
        return Segment("│", self.pen("log--bar")) if end else Segment(" ", self.pen())

    def on_focus(self) -> None:
        """A press that brings the focus opens nothing."""
        self._pressed_here = False

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Lines above."""
        event.stop()
        self.wheel(-_WHEEL_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Lines below."""
        event.stop()
        self.wheel(_WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the scrollbar, or press where the mouse is."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        again, self._pressed_here = self._pressed_here, True
        if offset.x == self.content_size.width - 1 and self.thumb()[1]:
            self._dragging = True
            self.capture_mouse()
            self._drag(offset.y)
        else:
            self.pressed(offset, again)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scrollbar."""
        if self._dragging:
            self._drag(event.y - self.gutter.top)

    def on_mouse_up(self) -> None:
        """Let go of the scrollbar."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _drag(self, y: int) -> None:
        self.drag_to((y - self.head) / max(1, self.content_size.height - self.head - self.foot - 1))
