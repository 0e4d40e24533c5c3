"""Data of the spot check and of the assessment, for reports and screens."""
