"""Word and Excel documents, the same bytes every time."""
