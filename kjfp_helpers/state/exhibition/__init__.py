"""Approval of the online exhibition: items, decisions on them, and what is public."""
