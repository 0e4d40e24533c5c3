"""Simulated people of a rehearsal: panel, office, checkers, meeting, closing."""
