"""Shared vocabulary: errors, findings, records, form schema, events, text normalization."""
