"""Terms of the notice that stand in parts of their own."""
