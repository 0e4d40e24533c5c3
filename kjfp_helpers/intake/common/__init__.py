"""Shared by all readers: limits, sandbox, text clean-up, parsed values, label matching."""
