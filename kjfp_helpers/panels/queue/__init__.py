"""The secretary's work queue: item, source, comparisons and resolution."""
