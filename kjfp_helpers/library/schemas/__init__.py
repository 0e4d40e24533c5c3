"""Declarations of the library's frames: columns, types, units of measure, ranges, who may read."""
