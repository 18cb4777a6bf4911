"""One plot with matplotlib: axes without ornament, in the colours of :data:`~tui_live.report.svg.PENS`.

Labels are ours or numbers; names from streams stand in tables, where the browser has fonts for them.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from tui_live.errors import TuiLiveError
from tui_live.report.markup import Markup
from tui_live.report.svg import PENS, inline
from tui_live.report.words import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 760, 170
#: In the drawing's units: room for the numbers on the left, for marks above, for times below.
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 24, 22, 24
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tui-live",
    "text.parse_math": False,
    "font.size": 11,
    "font.family": ["DejaVu Sans"],  # what comes with it: nothing is looked for, the page names its own
    "path.simplify": False,
    "axes.unicode_minus": False,
}


class ReportError(TuiLiveError):
    """A report that cannot be made."""


def require() -> None:
    """Raise :class:`ReportError` where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError as error:
        raise ReportError(
            "A report needs matplotlib, which is not installed", "pip install 'tui-live[report]'"
        ) from error
    # What it says of font caches and of folders is nothing for an operator.
    logging.getLogger(matplotlib.__name__).setLevel(logging.ERROR)


class Drawing:
    """A plot while it is drawn: ``axes`` are matplotlib's; y begins at 0."""

    def __init__(self, height: int = HEIGHT) -> None:
        require()
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context(_STYLE):
            self._figure: Any = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
            self._figure.patch.set_visible(False)
            self.axes: Axes = self._figure.add_axes(
                (_LEFT / WIDTH, _BOTTOM / height, (WIDTH - _LEFT - _RIGHT) / WIDTH, (height - _TOP - _BOTTOM) / height)
            )
            self._dress()
        #: Drawing units along the axis, for whoever has to know what fits.
        self.breadth = WIDTH - _LEFT - _RIGHT

    def _dress(self) -> None:
        axes = self.axes
        axes.patch.set_visible(False)
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(PENS["soft"])
        axes.tick_params(axis="both", length=0, labelcolor=PENS["soft"], pad=5)
        axes.tick_params(axis="x", length=4, color=PENS["soft"])
        axes.grid(axis="y", color=PENS["grid"], linewidth=1)
        axes.set_axisbelow(True)

    def scale(self, highest: float) -> None:
        """Let y go from 0 to a little above the highest value, with some round numbers beside it."""
        top = highest * 1.08 if highest > 0 else 1.0
        step = _round_step(top / 4)
        ticks = [step * at for at in range(int(top / step + 1e-9) + 1)]
        self.axes.set_ylim(0, top)
        self.axes.set_yticks(ticks, [short(value) for value in ticks])

    def svg(self, key: str, title: str, description: str) -> Markup:
        """The finished plot; ``key`` is its own within a page."""
        import matplotlib

        written = io.BytesIO()
        with matplotlib.rc_context(_STYLE):
            self._figure.savefig(written, format="svg", metadata={"Date": None})
        return inline(written.getvalue(), key, title, description)


def _round_step(least: float) -> float:
    """The next of 1, 2, 2.5, 5, 10, … that is at least so much."""
    unit = 10.0 ** (len(f"{int(least)}") - 1) if least >= 1 else 1.0
    while unit > least:
        unit /= 10
    return next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= least * (1 - 1e-9))
