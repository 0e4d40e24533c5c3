"""Register of mail and list of findings."""
