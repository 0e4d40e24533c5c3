"""Rater effects: how severe, discriminating and noisy each member is, fitted to the scores."""
