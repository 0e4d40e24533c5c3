"""Answers to the fields of a form: their kinds of text, and answers broken into lines."""
