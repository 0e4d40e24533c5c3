"""Archives cut into volumes: told by name, joined in one message or over several."""
