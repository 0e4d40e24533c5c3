"""Readers of single form fields: numbers, dates, regions, names, check boxes."""
