"""Recommendation forms: found, assembled and checked."""
