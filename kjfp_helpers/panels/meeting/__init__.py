"""Screens of the panel meeting: agenda, decisions, rulings and withdrawals."""
