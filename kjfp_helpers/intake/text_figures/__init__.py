"""Figures that running texts state: of which quantity, how many, and of what period."""
