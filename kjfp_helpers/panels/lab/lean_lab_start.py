"""JupyterLab as a program of its own, started without imports that it makes and does not use."""

import sys
from typing import Any

from kjfp_helpers.notebook_kernels.process.import_blocking import FORMAT_CHECKS, hidden_modules


def import_lab() -> Any:
    """Return the module that runs Lab."""
    with hidden_modules(*FORMAT_CHECKS):
        from jupyterlab import labapp
    return labapp


if __name__ == "__main__":
    sys.exit(import_lab().main())
