"""Members' scoring workbooks: written, read back, validated."""
