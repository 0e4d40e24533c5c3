"""Infrastructure without domain knowledge: files, cache, locks, templates, lazy imports."""
