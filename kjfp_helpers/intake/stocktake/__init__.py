"""Reader of the stock-take of the two numbers."""
