"""Read and write :class:`~kjfp_helpers.core.records.Intake` as JSON.

The type of a record's body follows from the kind of the record.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.records import (
    Exhibit,
    File,
    Individual,
    Intake,
    Mail,
    PeopleList,
    Record,
    RecordBody,
    Stocktake,
    StoryAttachment,
    Summary,
    Team,
)
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.intake.message_reading import MessageReading

_BODY_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {
    "team": TypeAdapter(Team),
    "individual": TypeAdapter(Individual),
    "stocktake": TypeAdapter(Stocktake),
    "summary": TypeAdapter(Summary),
    "exhibit": TypeAdapter(Exhibit),
    "story_attachment": TypeAdapter(StoryAttachment),
    "unsorted": TypeAdapter(Summary),
    "people_list": TypeAdapter(PeopleList),
}
_MAILS_ADAPTER = TypeAdapter(tuple[Mail, ...])
_RECORD_ADAPTER = TypeAdapter(Record)
_FILES_ADAPTER = TypeAdapter(tuple[File, ...])
_TEXTS_ADAPTER = TypeAdapter(dict[str, str])


def save(intake: Intake, path: Path) -> None:
    """Write an intake result atomically.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    atomic_write(path, dump(intake), private=True)


def dump(intake: Intake) -> bytes:
    """Return an intake result as its file holds it."""
    content = BytesIO()  # written item by item: dumped as a whole, a round takes several times that
    parts: Mapping[str, Iterator[dict[str, Any]]] = {
        "mails": map(_dump_mail, intake.mails),
        "records": map(_dump_record, intake.records),
        "loose": map(_dump_record, intake.loose),
    }
    for opening, (name, items) in zip("{,,", parts.items(), strict=True):
        content.write(f'{opening}\n "{name}": '.encode())
        _write_list(content, items)
    content.write(b"\n}\n")
    return content.getvalue()


def _write_list(content: BytesIO, items: Iterator[dict[str, Any]]) -> None:
    """Write a list of the second level as ``json.dumps`` does with an indent of one."""
    opening = "["
    for item in items:
        text = json.dumps(item, ensure_ascii=False, indent=1, allow_nan=False)
        indented = text.replace("\n", "\n  ")  # line ends within texts are escaped
        content.write(f"{opening}\n  {indented}".encode())
        opening = ","
    content.write(b"[]" if opening == "[" else b"\n ]")


def load(path: Path) -> Intake:
    """Read an intake result, equal to the one that was saved.

    Raises
    ------
    OutputError
        When the file is missing or was not written by ``save``.
    """
    return load_with_digest(path)[0]


def load_with_digest(path: Path) -> tuple[Intake, str]:
    """Read an intake result and the SHA-256 of its file.

    Raises
    ------
    OutputError
        When the file is missing or was not written by ``save``.
    """
    try:
        content = path.read_bytes()
        data, digest = from_json(content, allow_inf_nan=False), hashlib.sha256(content).hexdigest()
        del content
        mails = _MAILS_ADAPTER.validate_python(data.pop("mails"))
        records = tuple(map(_load_record, _take_out(data.pop("records"))))
        loose = tuple(map(_load_record, _take_out(data.pop("loose", []))))
    except FileNotFoundError as error:
        raise _invalid_file_error(path, "没有找到") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise _invalid_file_error(path, "内容不符") from error
    return Intake(mails=mails, records=records, loose=loose), digest


def _take_out(items: list[Any]) -> Iterator[Any]:
    """Yield the items in order, each given up as it is yielded: they need not all stay."""
    items.reverse()
    while items:
        yield items.pop()


def dump_reading(reading: MessageReading) -> dict[str, Any]:
    """Return what was read of a message as JSON values."""
    return {
        "mail": _dump_mail(reading.mail),
        "records": [_dump_record(record) for record in reading.records],
        "loose": [_dump_record(record) for record in reading.loose],
        "files": _FILES_ADAPTER.dump_python(reading.files, mode="json"),
        "copies": dict(reading.copies),
        "tools": dict(reading.tools),
    }


def load_reading(data: Mapping[str, Any]) -> MessageReading:
    """Return the reading that was dumped.

    Raises
    ------
    ValueError, KeyError, TypeError
        When the values are of another kind.
    """
    return MessageReading(
        mail=_MAILS_ADAPTER.validate_python([data["mail"]])[0],
        records=tuple(_load_record(item) for item in data["records"]),
        loose=tuple(_load_record(item) for item in data["loose"]),
        files=_FILES_ADAPTER.validate_python(data["files"]),
        copies=_TEXTS_ADAPTER.validate_python(data["copies"]),
        tools=_TEXTS_ADAPTER.validate_python(data["tools"]),
    )


def _invalid_file_error(path: Path, actual: str) -> OutputError:
    return OutputError(path.name, expected="收件结果", found=actual, advice="重新运行 kjfp intake")


def _dump_mail(mail: Mail) -> dict[str, Any]:
    dumped: list[dict[str, Any]] = _MAILS_ADAPTER.dump_python(
        (mail,), mode="json", exclude={"__all__": {"recorded"}}
    )
    return dumped[0]


def _dump_record(record: Record) -> dict[str, Any]:
    data: dict[str, Any] = _RECORD_ADAPTER.dump_python(record, mode="json", exclude={"body"})
    return data | {"body": _BODY_ADAPTERS[record.kind].dump_python(record.body, mode="json")}


def _load_record(data: dict[str, Any]) -> Record:
    """Validate the body by the record's kind first: the fields alone are ambiguous."""
    body: RecordBody = _BODY_ADAPTERS[data["kind"]].validate_python(data["body"])
    record: Record = _RECORD_ADAPTER.validate_python(data | {"body": body})
    return record
