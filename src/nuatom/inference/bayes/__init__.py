"""Posteriors of one parameter with a stated prior."""
