"""Seats under quotas and limits: exact constrained selection."""
