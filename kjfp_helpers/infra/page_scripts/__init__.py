"""Scripts that screens and written pages share, and how their modules become one text."""
