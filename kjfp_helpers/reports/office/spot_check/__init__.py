"""Papers of the spot check: frame and lot, visit forms, the report of the whole check."""
