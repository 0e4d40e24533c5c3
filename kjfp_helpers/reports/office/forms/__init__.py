"""Blank recommendation forms and stock-take sheets."""
