"""What the secretary works with: queue, resolutions, unit dossiers, letters, readiness."""
