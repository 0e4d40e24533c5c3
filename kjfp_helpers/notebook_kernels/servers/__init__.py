"""Where kernel processes come from: a fork server, or fresh processes."""
