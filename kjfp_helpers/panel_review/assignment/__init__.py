"""Assignment of cases to members: its limits, its simulation and the later rounds."""
