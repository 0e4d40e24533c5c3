"""The CSV tables of a round: row types, cell types, reader, checks between tables."""
