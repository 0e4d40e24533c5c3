"""Screens of the panel meeting: ballots, decisions, rulings and results."""
