"""The ledger as a person reads it: what each event is about, in plain Chinese."""
