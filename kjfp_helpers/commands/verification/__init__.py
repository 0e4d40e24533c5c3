"""Verification of a round: ledger, inbox, letters and outputs against what is derived."""
