"""Kernelspecs: whether a kernel's name means this very Python, as a forked kernel is."""

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
    """Return the kernelspec that Jupyter finds for a name; nothing where there is none."""
    try:
        return KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None


def is_own_interpreter(spec: KernelSpec) -> bool:
    """Tell whether a kernelspec starts ipykernel in this interpreter and environment, no more.

    Parameters
    ----------
    spec : jupyter_client.kernelspec.KernelSpec
        What Jupyter would start.

    Returns
    -------
    bool
        False when it names another interpreter, module or option, sets variables, or has its
        kernel started by anything but Jupyter itself.
    """
    provisioners = KernelProvisionerFactory()
    own_metadata = spec.metadata.get("kernel_provisioner", {})
    provisioner = own_metadata.get("provisioner_name", provisioners.default_provisioner_name)
    return (
        not spec.env
        and provisioner == "local-provisioner"
        and bool(spec.argv)
        and _is_this_executable(spec.argv[0])
        and _launches_ipykernel([one for one in spec.argv[1:] if one != _NO_FROZEN_MODULES])
    )


def _launches_ipykernel(arguments: Sequence[str]) -> bool:
    return [*arguments[:2]] in _LAUNCHERS and [*arguments[2:]] == ["-f", "{connection_file}"]


def _is_this_executable(program: str) -> bool:
    """Compare by folder as well: environments share the file that their links lead to."""
    if program in _ALIASES:
        return True
    theirs, own = Path(program), Path(sys.executable)
    try:
        return os.path.samefile(theirs, own) and os.path.samefile(theirs.parent, own.parent)
    except OSError:
        return False
