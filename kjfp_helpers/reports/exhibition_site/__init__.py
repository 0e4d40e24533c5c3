"""The online exhibition as a folder of plain pages."""
