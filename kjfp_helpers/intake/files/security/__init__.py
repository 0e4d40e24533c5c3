"""Security of files: what is active in them, found without running any of it."""
