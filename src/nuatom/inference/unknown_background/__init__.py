"""Limits that hold whatever the background is."""
