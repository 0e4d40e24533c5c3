"""Jupyter kernels that are forked instead of started: one process a notebook, ready at once.

``client.engine`` is what papermill calls. It asks ``servers.kernel_factory`` for a kernel process:
forked from a fork server (``servers.fork_server``), a single-threaded process that has imported
what notebooks use, or, where processes cannot be forked, started fresh ahead of time
(``servers.spawned_kernels``). Inside the process ``process.kernel`` is ipykernel itself, which
sends Jupyter's messages over a pipe (``process.transport``) in place of ZeroMQ;
``client.kernel_client`` is the other end, as nbclient knows it.

The package imports nothing of the program that uses it. ``README.md`` beside this file says what
it promises, what it overrides and how to do without it.
"""
