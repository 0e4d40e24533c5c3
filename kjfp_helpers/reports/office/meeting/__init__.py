"""Papers of the meeting: agenda, projector page, ballot papers, results, minutes."""
