"""Previews and source excerpts shown beside what was read."""
