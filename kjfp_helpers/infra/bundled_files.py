"""Notebooks and default rule files: of the checkout, or the copies that a wheel carries.

``bundled/`` holds symbolic links to ``notebooks/`` and ``data/2020/`` of the checkout. A wheel and
an sdist carry the files themselves in their place, so that git keeps one copy.
"""

from importlib.resources import files
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = Path(str(files(__package__).joinpath("bundled")))
NOTEBOOKS = (_BUNDLED / "notebooks").resolve()
DEFAULT_RULES = (_BUNDLED / "data" / "2020").resolve()
"""Rule files of the round of 2020, which a rehearsal takes over."""


def checkout() -> Path | None:
    """Return the folder of the checkout that the package runs from; None for an installed copy."""
    return None if NOTEBOOKS.is_relative_to(PACKAGE) else NOTEBOOKS.parent
