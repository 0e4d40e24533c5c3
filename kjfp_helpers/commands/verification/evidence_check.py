"""Compare the photographs of the spot check in the round's folder with the ledger."""

from collections.abc import Sequence

from kjfp_helpers.commands.spot_check.visit_photos import find_evidence
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import Event, EventLog, VisitFormImported
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.rules import Round


def check_evidence(round: Round, events: Sequence[Event]) -> bool:
    """Return whether there are photographs, and all of them are there as they were taken in.

    Raises
    ------
    DifferenceError
        At the first that is altered or missing.
    """
    imports = EventLog(events).of(VisitFormImported)
    kept = [(event, name, sha) for event in imports for name, sha in event.body.photos.items()]
    for event, name, sha256 in kept:
        path = find_evidence(round, event.body.unit, name, sha256)
        where = f"抽查照片 {event.body.unit}/{name}（台账第{event.seq}条）"
        if not path.is_file():
            raise verification_error(where, f"校验值{sha256[:12]}", "没有找到")
        if sha256_file(path) != sha256:
            raise verification_error(where, f"校验值{sha256[:12]}", "内容有改动")
    return bool(kept)
