"""Convert drafts and files of one message to numbered records and files of the round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import File, Record, RecordBody, RecordKind
from kjfp_helpers.intake.contents.content_model import RecordDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnumberedRecord:
    """A record of a message whose unit is not known yet; ``problems`` are by their source."""

    kind: RecordKind
    source: str
    sha256: str
    body: RecordBody
    provenance: Mapping[str, str]
    problems: tuple[tuple[str, Problem], ...]


def record_of_draft(draft: RecordDraft, source: str, sha256: str) -> UnnumberedRecord:
    """Return a record without number and unit; its problems are in its source."""
    return UnnumberedRecord(
        kind=draft.kind,
        source=source,
        sha256=sha256,
        body=draft.body,
        provenance=dict(draft.provenance),
        problems=tuple((source, problem) for problem in draft.findings),
    )


def number_records(
    records: Sequence[UnnumberedRecord],
    receipt: int,
    unit: str,
    message_sha256: str = "",
    *,
    prefix: str = "",
) -> tuple[Record, ...]:
    """Return the records of a message under a unit, with the ids ``<receipt>-<prefix><n>``."""
    return tuple(
        Record(
            id=f"{receipt}-{prefix}{number}",
            kind=record.kind,
            unit=unit,
            receipt=receipt,
            source=record.source,
            sha256=record.sha256 or message_sha256,
            body=record.body,
            provenance=record.provenance,
            findings=tuple(
                problem.in_document(source, unit=unit) for source, problem in record.problems
            ),
        )
        for number, record in enumerate(records, start=1)
    )


def complete_files(
    files: Sequence[File], stored_paths: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[File, ...]:
    """Set the stored path of each file, and the kind where it is known only at the end."""
    return tuple(
        replace(file, stored=stored_paths.get(file.path, ""), kind=kinds.get(file.path, file.kind))
        for file in files
    )
