"""Rounds made from others: the rules of the next year."""
