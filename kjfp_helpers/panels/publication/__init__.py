"""The screen of the public notice and of objections to it."""
