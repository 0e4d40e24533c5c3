"""A made-up year in real formats, with planted faults and an answer key."""

from kjfp_helpers.rehearsal.actors.simulated_panel import score
from kjfp_helpers.rehearsal.round_builder import make

__all__ = ["make", "score"]
