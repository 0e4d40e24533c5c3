"""The table of all screens: rows drawn in the page, sorted, searched, filtered and exported."""
