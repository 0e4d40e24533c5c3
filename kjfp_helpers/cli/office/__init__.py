"""Commands of the office beside the steps: letters, packets, members, amendments, the ledger."""
