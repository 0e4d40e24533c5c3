"""Duplicate nominations and overlapping texts, across units and across the two forms."""
