"""Papers of the decision to commend: the decision, the list, addressees, certificates."""
