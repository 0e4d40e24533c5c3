"""Parsers of document formats into one document model."""
