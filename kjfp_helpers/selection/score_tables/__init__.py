"""Score tables from outside any round, and rankings written for them."""
