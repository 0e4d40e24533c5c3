"""Papers and pages made from a derived round."""
