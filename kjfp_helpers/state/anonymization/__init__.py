"""Anonymized cases for blind scoring."""
