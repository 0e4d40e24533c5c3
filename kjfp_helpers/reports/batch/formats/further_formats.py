"""Further formats of the report that a unit gets, from the same data: .docx to be stamped."""

from collections.abc import Mapping, Sequence
from typing import Any

from kjfp_helpers.reports.report_types import UNIT

FORMATTED = (UNIT,)
"""Audiences whose reports have further formats; the office's never goes out."""


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
