"""The members' scoring page and the assessment of summaries."""
