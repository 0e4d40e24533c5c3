"""Inside a kernel process: the kernel, its start-up state, its transport and its output."""
