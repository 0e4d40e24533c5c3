"""The connection file that Jupyter writes for every kernel, for kernels that have no ports."""

import json
import os
import tempfile
import uuid

_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


def write_connection_file(kernel_name: str) -> str:
    """Write a connection file; return its path.

    It has all keys of Jupyter's. The ports are 0: the kernel has one connection, to the process
    that runs the notebook, and accepts no other.

    Parameters
    ----------
    kernel_name : str
        Name of the kernelspec.
    """
    content = {
        **dict.fromkeys(_PORTS, 0),
        "ip": "127.0.0.1",
        "key": str(uuid.uuid4()),
        "transport": "tcp",
        "signature_scheme": "hmac-sha256",
        "kernel_name": kernel_name,
    }
    descriptor, path = tempfile.mkstemp(suffix=".json")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    return path
