"""All papers of the assessment that are due as it stands."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.reports.office.assessment.assessment_workbook import write_assessment_workbook
from kjfp_helpers.reports.office.assessment.result_notice import FOLDER, write_result_notices

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

BOOK = "assessment.xlsx"


def write_assessment_documents(
    state: "RoundState",
    folder: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the workbook and the notices of confirmed results below the outputs.

    Nothing in a round without a scheme.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    assessment = state.assessment
    if assessment is None:
        return []
    book = folder / BOOK
    write_assessment_workbook(state, assessment, book)
    return [book, *write_result_notices(state, assessment, folder / FOLDER, on_progress)]
