"""One page per notebook: intake, stock-take, summaries, exhibition, letters, results."""
