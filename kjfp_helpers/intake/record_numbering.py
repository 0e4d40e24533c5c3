"""Convert drafts and files of one message to numbered records and files of the round."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kjfp_helpers.core.records import File, Record
from kjfp_helpers.intake.contents.content_model import RecordDraft


def record_of_draft(draft: RecordDraft, source: str, sha256: str) -> Record:
    """Return a record without number and unit; its findings get the source."""
    return Record(
        id="",
        kind=draft.kind,
        unit="",
        receipt=0,
        source=source,
        sha256=sha256,
        body=draft.body,
        provenance=dict(draft.provenance),
        findings=tuple(replace(finding, source=source) for finding in draft.findings),
    )


def number_records(
    records: Sequence[Record], receipt: int, unit: str, message_sha256: str
) -> tuple[Record, ...]:
    """Give the records of a message the ids ``<receipt>-<n>``, and their unit."""
    return tuple(
        replace(
            record,
            id=f"{receipt}-{number}",
            unit=unit,
            receipt=receipt,
            sha256=record.sha256 or message_sha256,
            findings=tuple(finding.filed_under(unit=unit) for finding in record.findings),
        )
        for number, record in enumerate(records, start=1)
    )


def number_unclassified(records: Sequence[Record], receipt: int, unit: str) -> list[Record]:
    """Give the unclassified texts of a message the ids ``<receipt>-u<n>``, and their unit."""
    return [
        replace(record, id=f"{receipt}-u{number}", unit=unit, receipt=receipt)
        for number, record in enumerate(records, start=1)
    ]


def complete_files(
    files: Sequence[File], stored_paths: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[File, ...]:
    """Set the stored path of each file, and the kind where it is known only at the end."""
    return tuple(
        replace(file, stored=stored_paths.get(file.path, ""), kind=kinds.get(file.path, file.kind))
        for file in files
    )
