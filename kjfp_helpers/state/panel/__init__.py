"""Packets, reading plans, relationships and progress of the panel members."""
