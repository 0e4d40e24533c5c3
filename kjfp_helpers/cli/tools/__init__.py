"""Commands that need no round, and the workbook."""
