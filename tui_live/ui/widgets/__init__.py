"""Widgets that draw line by line from models, so that a frame costs the same at any rate."""
