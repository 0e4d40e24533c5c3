"""Knowledge of form labels that is handed to the parsers of formats without a table structure."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelHints:
    """Known labels: ``is_label`` recognizes variants too, ``printed`` are normalized labels.

    ``is_label`` must be a module-level function: it is passed to the sandbox process.
    """

    is_label: Callable[[str], bool]
    printed: frozenset[str]
