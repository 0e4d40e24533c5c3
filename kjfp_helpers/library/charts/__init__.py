"""Charts that only the library draws; those of reports stand in ``reports.charts``."""
