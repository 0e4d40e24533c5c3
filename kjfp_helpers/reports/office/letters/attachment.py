"""Attachment of a letter (附件): its title, and what fills the pages behind the letter."""

from collections.abc import Callable
from dataclasses import dataclass

from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument


@dataclass(frozen=True)
class Attachment:
    """A list or form behind a letter; ``fill`` writes it below its title."""

    title: str
    fill: Callable[[OfficialDocument], None]
