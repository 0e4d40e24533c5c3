"""Plots, one module per group; each takes plain rows and returns a ``Picture``."""
