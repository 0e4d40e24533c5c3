"""``kjfp assess``: readings of the summaries, confirmed results, papers of the assessment."""
