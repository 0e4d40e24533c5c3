"""Notebooks to reports, and the interactive ones prepared for a round."""
