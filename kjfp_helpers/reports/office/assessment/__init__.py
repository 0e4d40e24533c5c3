"""Papers of the assessment: the workbook of results and a notice of results for each unit."""
