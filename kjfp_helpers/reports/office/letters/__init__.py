"""Letters to the units: receipt, return for correction, reminder."""
