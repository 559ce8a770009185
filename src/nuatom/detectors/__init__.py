"""Detectors: what becomes of a deposited energy before it is counted."""
