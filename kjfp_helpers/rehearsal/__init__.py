"""Simulated round: a year of mail in real formats, with planted faults and an answer key."""

from kjfp_helpers.rehearsal.actors.simulated_panel import simulate_scores
from kjfp_helpers.rehearsal.generator.fictitious_units import MAX_UNITS, require_units
from kjfp_helpers.rehearsal.round_builder import write_rehearsal

__all__ = ["MAX_UNITS", "require_units", "simulate_scores", "write_rehearsal"]
