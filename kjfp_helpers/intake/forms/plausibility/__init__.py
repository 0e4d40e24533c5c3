"""Plausibility of a form: values that were read without doubt and still can hardly be right."""
