"""What a step reports: counts, failures and lines for the clerk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepResult:
    """Counts of a step: made, skipped, and failures; ``notes`` are Chinese lines for the clerk."""

    made: int = 0
    skipped: int = 0
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
