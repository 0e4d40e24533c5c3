"""Deterministic writers for docx, xlsx and zip."""
