"""Limits: from a model and what was counted to a likelihood, and on to results and exports."""
