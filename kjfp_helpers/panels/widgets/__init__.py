"""Shared widgets: layout, templates, protocol with the page, editors and status lines."""
