"""The tables and acts of the assessment beside the reading desk of notebook 03."""
