"""A widget that draws itself line by line with a few named styles from the style sheet."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui_live.ui.format import fit
from tui_live.ui.pens import INKS, style_of


class LineWidget(Widget):
    """Base of the widgets that override ``render_line``.

    Its styles are the named pens of :mod:`tui_live.ui.pens`, kept until the theme or the widget's own style changes.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pens: dict[str, Style] = {}

    def pen(self, name: str = "") -> Style:
        """The style of that name upon the widget's background; a name that is no pen is a component class.

        Textual paints no background below what ``render_line`` returns, so every segment needs a style.
        """
        style = self._pens.get(name)
        if style is None:
            if name in INKS:
                style = style_of(name, self.app.theme_variables, self.background_colors[1])
            else:
                style = self.get_component_rich_style(name)
            self._pens[name] = style
        return style

    def highlighted(self, strip: Strip, name: str) -> Strip:
        """``strip`` upon the ground of a pen, bold or reversed where that is."""
        style = self.pen(name)
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

    def message_line(self, text: str, pen: str) -> Strip:
        """A line with one text in one style."""
        return Strip([Segment(fit(text, self.content_size.width), self.pen(pen))], self.content_size.width)
