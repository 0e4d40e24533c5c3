"""Versions, resubmissions, corrections and manual decisions, document by document."""
