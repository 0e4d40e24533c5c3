"""Commands on what stays of a round: the decision, the archive, the rules of the next year."""
