"""The step ``forms``: write the blank official forms and the stock-take form of each unit."""

from kjfp_helpers import reports
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession


def write_forms(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write the blank official forms and the stock-take form of each unit."""
    made = reports.issue_forms(session.round, session.outputs / "forms", on_progress)
    return StepResult(len(made))
