"""The one place that connects the rooms: streams, recorder, log. Knows no Textual."""

from tui_live.engine.engine import Engine
from tui_live.engine.jobs import Spawn

__all__ = ["Engine", "Spawn"]
