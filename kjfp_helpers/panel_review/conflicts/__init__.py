"""Conflicts of interest (回避): declared, detected, ruled upon."""
