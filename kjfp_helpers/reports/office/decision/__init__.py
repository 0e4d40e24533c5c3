"""The decision workbook, its HTML page and the public notice."""
