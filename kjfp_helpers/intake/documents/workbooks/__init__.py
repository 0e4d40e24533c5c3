"""Parsers of workbooks (.xlsx, .xls, .et, .ods): cells as they are shown."""
