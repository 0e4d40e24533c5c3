"""Commands that pages run: who started them, and how they ended."""
