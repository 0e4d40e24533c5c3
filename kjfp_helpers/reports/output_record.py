"""Record of the outputs in the ledger: which file was made when, by which versions."""

from collections.abc import Mapping, Sequence
from functools import cache

from kjfp_helpers.core.events import Event, EventLog, OutputsRecorded
from kjfp_helpers.core.records import Intake
from kjfp_helpers.infra.code_version import library_versions, source_digest
from kjfp_helpers.intake.files.tool_versions import tool_versions
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.printed_heads import write_heads


def record_outputs(
    session: RoundSession, command: str, outputs: Mapping[str, str], state: int
) -> None:
    """Record the outputs of a command that are new, changed or no longer due, if there are any.

    Parameters
    ----------
    outputs : mapping
        Path below the outputs to SHA-256, of all outputs of the command.
    state : int
        Number of the last event from which they were made.

    Raises
    ------
    LedgerError
        When the ledger refuses.
    """
    events = session.events()
    known = recorded_outputs(events, command)
    fresh = {name: value for name, value in sorted(outputs.items()) if known.get(name) != value}
    withdrawn = tuple(sorted(known.keys() - outputs.keys()))
    if fresh or withdrawn:
        recorded = session.record(
            OutputsRecorded(
                command=command,
                papers=fresh,
                made_with=dict(program_versions()),
                state=state,
                withdrawn=withdrawn,
            )
        )
        events = EventLog((*events, *recorded))
    write_heads(session.outputs, events)


def recorded_outputs(events: Sequence[Event], command: str) -> dict[str, str]:
    """Return the outputs of a command that are due: path below the outputs to SHA-256."""
    outputs: dict[str, str] = {}
    for body in EventLog(events).bodies(OutputsRecorded):
        if body.command == command:
            outputs |= body.papers
            for name in body.withdrawn:
                outputs.pop(name, None)
    return outputs


@cache
def program_versions() -> Mapping[str, str]:
    """Return the versions of program, Python and libraries, by name."""
    pairs = (line.rpartition(" ") for line in library_versions())
    libraries = {name: number for name, _, number in pairs}
    return {"code": source_digest()[:16], **libraries}


def reader_versions(read: Intake) -> dict[str, str]:
    """Return what an inbox was read with: program, libraries, and the tools its files need."""
    return dict(program_versions()) | tool_versions(
        file.path for mail in read.mails for file in mail.files
    )
