"""Data of the spot check for reports and screens."""
