"""Scores of the panel: tables, packets, merging, anomalies."""
