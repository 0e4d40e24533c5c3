"""Who reads what: assignment, its limits and the later rounds."""
