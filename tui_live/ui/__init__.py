"""The console: a Textual application over the narrow interface of :mod:`tui_live.ui.backend`."""
