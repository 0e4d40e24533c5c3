"""Sections of the report notebooks 07 to 10."""
