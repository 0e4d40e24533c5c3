"""What intake read, as one JSON file; each record's body is told apart by the record's kind."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.records import (
    Body,
    Exhibit,
    Individual,
    Intake,
    Mail,
    Pages,
    Record,
    Stocktake,
    Summary,
    Team,
)
from kjfp_helpers.infra.atomic_files import replace_file

_BODIES: Mapping[str, TypeAdapter[Any]] = {
    "team": TypeAdapter(Team),
    "individual": TypeAdapter(Individual),
    "stocktake": TypeAdapter(Stocktake),
    "summary": TypeAdapter(Summary),
    "exhibit": TypeAdapter(Exhibit),
    "story_attachment": TypeAdapter(Pages),
    "unsorted": TypeAdapter(Summary),
}
_MAILS = TypeAdapter(tuple[Mail, ...])
_RECORD = TypeAdapter(Record)


def save(intake: Intake, path: Path) -> None:
    """Write an intake; the file is there whole or not at all.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    data = {
        "mails": _MAILS.dump_python(intake.mails, mode="json", exclude={"__all__": {"recorded"}}),
        "records": [_dump(record) for record in intake.records],
        "loose": [_dump(record) for record in intake.loose],
    }
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    replace_file(path, f"{text}\n".encode(), private=True)


def load(path: Path) -> Intake:
    """Read an intake back, equal to the one saved.

    Raises
    ------
    OutputError
        When the file is missing or is not one that ``save`` wrote.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        mails = _MAILS.validate_python(data["mails"])
        records = tuple(_load(item) for item in data["records"])
        loose = tuple(_load(item) for item in data.get("loose", ()))
    except FileNotFoundError as error:
        raise _broken(path, "没有找到") from error
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise _broken(path, "内容不符") from error
    return Intake(mails=mails, records=records, loose=loose)


def _broken(path: Path, found: str) -> OutputError:
    return OutputError(path.name, expected="收件结果", found=found, advice="重新运行 kjfp intake")


def _dump(record: Record) -> dict[str, Any]:
    data: dict[str, Any] = _RECORD.dump_python(record, mode="json", exclude={"body"})
    return data | {"body": _BODIES[record.kind].dump_python(record.body, mode="json")}


def _load(data: dict[str, Any]) -> Record:
    """Read the body by the record's kind first: fields alone do not tell bodies apart."""
    body: Body = _BODIES[data["kind"]].validate_python(data["body"])
    record: Record = _RECORD.validate_python(data | {"body": body})
    return record
