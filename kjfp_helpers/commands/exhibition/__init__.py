"""Hand-over package of the exhibition: what is public with its originals, and its check."""
