"""Sources of kernel processes: fork servers, and fresh processes where nothing can fork."""
