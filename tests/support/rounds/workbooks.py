"""Workbooks written the slow way, to hold those written the quick way against."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kjfp_helpers.reports.office.writers.cell_styles import BodyStyles, set_look


@contextmanager
def unshared_styles() -> Iterator[None]:
    """Within the context the style of every cell is set part by part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BodyStyles, "apply", lambda self, cell, look: set_look(cell, look))
        yield
