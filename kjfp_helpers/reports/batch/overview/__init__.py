"""What a run made and why, and the index of all reports."""
