"""Planted faults and the answer key that names them."""
