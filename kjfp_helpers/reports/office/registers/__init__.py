"""Registers of the office: mail, findings, work list, event log, daily heads of the ledger."""
