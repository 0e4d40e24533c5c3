"""Kernels that are forked instead of started: one process per notebook, ready at once.

``engine`` is what papermill calls. It asks ``hosts`` for a kernel process: forked from a
``zygote``, a single-threaded process that has imported what notebooks use and which the batch's
workers share; where nothing can be forked, ``spawned`` keeps the next one waiting. In the process
``kernel`` is ipykernel itself, speaking Jupyter's messages over a ``wire`` in place of ZeroMQ;
``client`` is the other end, as nbclient knows it.
"""
