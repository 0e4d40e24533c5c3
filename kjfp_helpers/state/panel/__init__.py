"""Packets, assignments, ties and progress of the panel members."""
