"""Outside a kernel process: the papermill engine and the kernel client."""
