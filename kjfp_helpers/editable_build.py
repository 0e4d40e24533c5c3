"""Compiles the package when it is installed in place, as pip compiles what it copies.

Where Python is told to write no byte code on import, as in many containers, every command would
compile the package anew: about a second.
"""

import compileall
from pathlib import Path

from setuptools.command.build_py import build_py

PACKAGE = Path(__file__).parent


class BuildPackage(build_py):  # type: ignore[misc]
    """Build the package as always; in place, compile it too."""

    def run(self) -> None:
        """Build, then compile into ``__pycache__`` what is not compiled yet."""
        super().run()
        if self.editable_mode:
            compileall.compile_dir(PACKAGE, quiet=1)
