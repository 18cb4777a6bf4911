"""The main screen, and the dialogs that open above it."""
