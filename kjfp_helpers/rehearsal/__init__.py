"""A made-up year in real formats, with planted faults and an answer key."""

from kjfp_helpers.rehearsal.build import make
from kjfp_helpers.rehearsal.panel import score

__all__ = ["make", "score"]
