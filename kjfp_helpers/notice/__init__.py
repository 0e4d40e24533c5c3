"""The systems of the notice: stock-take, spot check, summaries, exhibition, publication."""
