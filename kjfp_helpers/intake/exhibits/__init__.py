"""Exhibition material of one message: texts, pictures and captions."""
