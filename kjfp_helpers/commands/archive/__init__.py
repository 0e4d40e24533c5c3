"""The archive of a round (归档): made, and verified on its own."""
