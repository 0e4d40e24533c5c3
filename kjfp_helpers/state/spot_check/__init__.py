"""Acts of the spot check as checked events, and the relationships of those who check."""
