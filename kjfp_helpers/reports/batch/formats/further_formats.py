"""Further formats of a unit's report, from the same data as its page: .docx to be stamped."""

from collections.abc import Mapping, Sequence
from typing import Any

from kjfp_helpers.reports.report_types import OFFICE, UNIT

FORMATTED = (UNIT, OFFICE)
"""Audiences whose reports have further formats."""


def make_formats(name: str, data: Mapping[str, Any], formats: Sequence[str]) -> dict[str, bytes]:
    """Return the files of a report besides page and notebook, by name.

    Parameters
    ----------
    name : str
        Name of the report.
    data : mapping
        Its data.
    formats : sequence of str
        Endings of :data:`kjfp_helpers.reports.batch.manifest.FORMATS`; ``.pdf`` is printed from
        the ``.docx`` of all reports at once, when they are made.
    """
    if not formats:
        return {}
    from kjfp_helpers.reports.office.letters.unit_feedback import build_feedback

    return {f"{name}.docx": build_feedback(data)}
