"""The spot check on the stock-take's screen: lot, visits, findings, and the forms of its acts."""
