"""Findings that a panel member sees: figures, text overlap, doubtful sources.

All others (identity numbers, phones, postcodes, seals, photos, files, deadlines) are the office's
to settle; they say nothing on merit and would only prejudice.
"""

from collections.abc import Mapping

from kjfp_helpers.core.findings import Finding

FIGURES = (
    "approx",
    "unit_mismatch",
    "implausible",
    "suspicious",
    "claim_over_unit",
    "claim_differs",
    "names_over_count",
)
RESEMBLANCE = ("copied_text",)
SOURCE = ("scanned", "hidden_text", "corrected")

JUDGE_CODES = frozenset((*FIGURES, *RESEMBLANCE, *SOURCE))
"""Codes of findings that stand beside a case in a packet."""

FIELDS = frozenset(("people_lifted", "service_days", "expert_count", "expert_names", "story", ""))
"""Fields of a form that such a finding may speak of; ``""`` is the whole form."""

NEUTRAL_EXPECTED: Mapping[str, str] = {"claim_over_unit": "不大于本单位盘点数"}
"""What stands for an expectation that would print the unit's total."""


def is_visible(finding: Finding) -> bool:
    """Whether a panel member sees a finding on a case."""
    return finding.code in JUDGE_CODES and finding.field in FIELDS


def neutral_expected(finding: Finding) -> str:
    """Return what was expected, without the unit's total."""
    return NEUTRAL_EXPECTED.get(finding.code, finding.expected)
