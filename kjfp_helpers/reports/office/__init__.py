"""Word and Excel papers, the same bytes every time."""
