"""One page per notebook: start, intake, stock-take, summaries, exhibition, letters, results."""
