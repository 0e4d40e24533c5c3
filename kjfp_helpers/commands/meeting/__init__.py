"""Steps of the meeting: its agenda, its record, its papers."""
