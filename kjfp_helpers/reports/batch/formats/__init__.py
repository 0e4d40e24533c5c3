"""Formats of a unit's report besides page and notebook."""
