"""Simulated experiments: Feldman-Cousins and CLs, and the compiled fits that they need."""
