"""Progress of a round: the steps of the year, what is open in each, and the next act."""
