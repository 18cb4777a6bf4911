"""The configuration: its schema and where its values come from. :mod:`.save` writes changes back."""

from tui_live.config.load import Loaded, load
from tui_live.config.redact import redacted, secret_values
from tui_live.config.rulebook import GiftStep, LikesPerPoint, Rate, Scoring, Trigger
from tui_live.config.schema import Config, Database, Obs, Overlay, Shares, TikTok, Trends, Ui
from tui_live.config.streams import normalise_stream

__all__ = [
    "Config",
    "Database",
    "GiftStep",
    "LikesPerPoint",
    "Loaded",
    "Obs",
    "Overlay",
    "Rate",
    "Scoring",
    "Shares",
    "TikTok",
    "Trends",
    "Trigger",
    "Ui",
    "load",
    "normalise_stream",
    "redacted",
    "secret_values",
]
