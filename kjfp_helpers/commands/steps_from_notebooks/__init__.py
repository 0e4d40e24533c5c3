"""Steps run from a notebook, and the lock that all steps hold."""
