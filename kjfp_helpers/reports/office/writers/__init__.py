"""Deterministic writers for docx, xlsx, zip, PDF and the pages of letters."""
