"""The secretary's work: queue, resolutions, unit dossiers, letters, gates."""
