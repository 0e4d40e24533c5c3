"""Inside a kernel process: kernel, start-up state, message transport and output thread."""
