"""The meeting: who votes, what is on the agenda, what was said, what the votes gave."""
