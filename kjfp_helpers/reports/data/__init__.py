"""Report data: what each report shows, as plain values."""
