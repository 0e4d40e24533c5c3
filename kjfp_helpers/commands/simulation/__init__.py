"""Simulated panel of a rehearsal."""
