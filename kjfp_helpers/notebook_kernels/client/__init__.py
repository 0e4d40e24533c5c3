"""In the process that runs notebooks: the papermill engine and the kernel client."""
