"""The screen of the meeting's votes: opening, counting by two tellers, results."""
