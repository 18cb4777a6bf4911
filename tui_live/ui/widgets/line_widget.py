"""A widget that draws itself line by line with a few named styles from the style sheet."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui_live.ui.format import fit


class LineWidget(Widget):
    """Base of the widgets that override ``render_line``.

    Styles are component classes; they are resolved once and kept until the style sheet, the theme or the focus changes,
    because Textual forgets its own copies at every refresh.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pens: dict[str, Style] = {}

    def pen(self, component: str = "") -> Style:
        """The style of a component class upon the widget's background; without one, the widget's own.

        Textual paints no background below what ``render_line`` returns, so every segment needs a style.
        """
        style = self._pens.get(component)
        if style is None:
            style = self.get_component_rich_style(component) if component else self.rich_style
            self._pens[component] = style
        return style

    def highlighted(self, strip: Strip, component: str) -> Strip:
        """``strip`` upon the background of a component class, bold or reversed where that is."""
        style = self.pen(component)
        above = Style(bgcolor=style.bgcolor, bold=style.bold or None, reverse=style.reverse or None)
        return Strip(Segment.apply_style(strip, None, above), strip.cell_length)

    def notify_style_update(self) -> None:
        """Forget what was made with the old styles."""
        self._pens.clear()
        self.restyled()
        super().notify_style_update()

    def restyled(self) -> None:
        """Called when styles have changed: drop strips that were drawn with the old ones."""

    def line(self, segments: list[Segment]) -> Strip:
        """Segments as a line that fills the content's width."""
        return Strip(segments).adjust_cell_length(self.content_size.width, self.pen())

    def message_line(self, text: str, component: str) -> Strip:
        """A line with one text in one style."""
        return Strip([Segment(fit(text, self.content_size.width), self.pen(component))], self.content_size.width)
