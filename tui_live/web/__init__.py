"""What viewers and other programs see: overlays for OBS, the API, and the pages beside them, on one port."""
