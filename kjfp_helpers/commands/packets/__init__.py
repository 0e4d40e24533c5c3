"""Members' packets: issued, exported, imported."""
