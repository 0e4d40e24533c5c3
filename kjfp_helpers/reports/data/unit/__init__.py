"""Data of a unit's review report, cut for each audience."""
