"""The four stages of the round state, each derived from those before it.

Submissions (in :mod:`kjfp_helpers.eligibility.submissions`), screening, scores and decision.
"""
