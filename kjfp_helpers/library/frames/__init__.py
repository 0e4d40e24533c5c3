"""Frames of the library, made from a round's state, one module per stage."""
