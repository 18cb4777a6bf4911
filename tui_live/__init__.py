"""TUI Live: a terminal console for people who run TikTok LIVE streams."""

__version__ = "0.1.0"
