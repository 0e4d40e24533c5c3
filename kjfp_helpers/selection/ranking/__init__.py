"""From scores to a ranking: four methods, tie-breaking, rater effects, uncertainty."""
