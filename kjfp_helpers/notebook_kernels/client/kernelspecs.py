"""Kernelspecs: whether a kernel's name means the interpreter that runs here."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.provisioning.factory import KernelProvisionerFactory

_LAUNCHERS = (["-m", "ipykernel_launcher"], ["-m", "ipykernel"])
_MAJOR, _MINOR, *_ = sys.version_info
_ALIASES = ("python", f"python{_MAJOR}", f"python{_MAJOR}.{_MINOR}")
"""Names for which Jupyter starts the interpreter that it runs in itself."""
_NO_FROZEN_MODULES = "-Xfrozen_modules=off"


def find_spec(name: str) -> KernelSpec | None:
    """Return the kernelspec that Jupyter finds for a name; None when there is none."""
    try:
        return KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None


def is_own_interpreter(spec: KernelSpec) -> bool:
    """Tell whether a kernelspec starts plain ipykernel in this interpreter and environment.

    Parameters
    ----------
    spec : jupyter_client.kernelspec.KernelSpec
        What Jupyter would start.

    Returns
    -------
    bool
        False when it names another interpreter, module or option, sets environment variables, or
        uses a kernel provisioner other than Jupyter's own.
    """
    provisioners = KernelProvisionerFactory()
    metadata = spec.metadata.get("kernel_provisioner", {})
    provisioner = metadata.get("provisioner_name", provisioners.default_provisioner_name)
    return (
        not spec.env
        and provisioner == "local-provisioner"
        and bool(spec.argv)
        and _is_this_executable(spec.argv[0])
        and _launches_ipykernel([word for word in spec.argv[1:] if word != _NO_FROZEN_MODULES])
    )


def _launches_ipykernel(arguments: Sequence[str]) -> bool:
    return [*arguments[:2]] in _LAUNCHERS and [*arguments[2:]] == ["-f", "{connection_file}"]


def _is_this_executable(program: str) -> bool:
    """Compare folders as well: virtual environments link to the same interpreter file."""
    if program in _ALIASES:
        return True
    theirs, own = Path(program), Path(sys.executable)
    try:
        return os.path.samefile(theirs, own) and os.path.samefile(theirs.parent, own.parent)
    except OSError:
        return False
