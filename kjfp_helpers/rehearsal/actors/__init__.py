"""Simulated panel members, assessors and office staff: what they record in the rehearsal round."""
