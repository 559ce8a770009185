"""Projections: what an experiment would reach, what limits it, what it would take."""
