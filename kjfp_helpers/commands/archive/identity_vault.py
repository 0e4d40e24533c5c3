"""Identities of an archive in a file of its own (身份信息卷): numbers, phones, mail as it came.

Elsewhere an identity is a random word. It is drawn from the content of what was received, which
only the vault holds, so that the same archive made twice is the same, and nobody else can tell
whose a word is.
"""

import csv
import hashlib
import hmac
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kjfp_helpers import intake as intake_floor
from kjfp_helpers.core.events import EventLog, FieldCorrected
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Individual, Intake, Record, Team
from kjfp_helpers.infra.atomic_files import write_private_file
from kjfp_helpers.intake.field_editing import PERSONAL_FIELDS
from kjfp_helpers.reports.formatting import json_value
from kjfp_helpers.reports.office.writers.deterministic_zip import ENTRY_DATE
from kjfp_helpers.state.anonymization.file_numbers import find_numbers

_PRIVATE_FOLDERS = ("inbox", "received", "objections", "spotcheck", "column")
"""Folders of a round that hold people's numbers, names of objectors or photos."""
_LEFT_OUT = ("readings",)
"""Below ``received``: what was read of each message, kept for the next run only."""
_DIGITS = re.compile(rb"\d{10,17}[\dXx]")
_MIN_DIGITS = 11
"""Digits of the shortest number by which a file is kept out of the open part."""
_OPAQUE_SUFFIXES = (".zip", ".7z", ".rar", ".eml", ".msg")
"""Files that are not looked into: they go into the vault, an earlier vault among them."""
_CHUNK = 1 << 20


class Identities:
    """The personal numbers of a round, each with its random word.

    ``rules`` are the texts of the rule files: the office's own telephone is nobody's secret.
    """

    def __init__(self, read: Intake, events: EventLog, rules: Iterable[str] = ()) -> None:
        self._public = {number for text in rules for number in find_numbers(text.encode())}
        self._key = hashlib.sha256(b"vault" + intake_floor.dump(read)).digest()
        self._rows: dict[str, tuple[str, str, str, str]] = {}
        for record in read.records:
            if isinstance(record.body, Team | Individual):
                for name, value in _personal_values(record):
                    row = (self.word(value), record.id, name, value)
                    self._rows.setdefault(value, row)
        for body in events.bodies(FieldCorrected):  # what the office typed, intake never saw
            for value in (body.old, body.new) if body.field in PERSONAL_FIELDS else ():
                if isinstance(value, str) and (number := value.strip()):
                    row = (self.word(number), body.record, body.field, number)
                    self._rows.setdefault(number, row)

    def word(self, value: str) -> str:
        """Return the random word for a number."""
        digest = hmac.new(self._key, value.strip().upper().encode(), hashlib.sha256)
        return f"ID-{digest.hexdigest()[:12]}"

    def table(self) -> bytes:
        """Return ``word record field value`` of every number as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("word", "record", "field", "value"))
        writer.writerows(sorted(self._rows.values()))
        return text.getvalue().encode("utf-8-sig")

    def without_numbers(self, record: Record) -> dict[str, Any]:
        """Return a record as JSON values: a number as its word, numbers in texts masked."""
        body = {
            name: self.word(value)
            if name in PERSONAL_FIELDS and isinstance(value, str)
            else _masked(json_value(value))
            for name, value in asdict(record.body).items()
        }
        return {
            "id": record.id,
            "kind": record.kind,
            "unit": record.unit,
            "receipt": record.receipt,
            "source": mask_personal_numbers(record.source),
            "sha256": record.sha256,
            "body": body,
        }

    def occur_in(self, content: bytes, suffix: str = "") -> bool:
        """Return whether a personal number stands in a file, one that was received or any other.

        A file that cannot be looked into is taken for one that holds some.
        """
        if suffix in _OPAQUE_SUFFIXES:
            return True
        try:
            found = find_numbers(content, suffix)
        except (zipfile.BadZipFile, OSError):
            return True
        return bool(found - self._public) or self._has_known_number(content)

    def _has_known_number(self, content: bytes) -> bool:
        known = {value.upper().encode() for value in self._rows if len(value) >= _MIN_DIGITS}
        return any(
            match.upper() in known or match[:_MIN_DIGITS] in known
            for match in _DIGITS.findall(content)
        )


def _personal_values(record: Record) -> Iterator[tuple[str, str]]:
    for name in sorted(PERSONAL_FIELDS):
        value = getattr(record.body, name, None)
        if isinstance(value, str) and value.strip():
            yield name, value.strip()


def _masked(value: Any) -> Any:
    """Return JSON values with the numbers in all texts masked."""
    if isinstance(value, str):
        return mask_personal_numbers(value)
    if isinstance(value, Mapping):
        return {key: _masked(part) for key, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list | tuple) else value


def list_private_files(round_folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name in the vault and path of every file of a round that only the vault holds."""
    for folder in _PRIVATE_FOLDERS:
        for path in sorted((round_folder / folder).rglob("*")):
            name = path.relative_to(round_folder)
            is_rest = folder == "received" and (
                name.parts[1] in _LEFT_OUT or name.suffix == ".tmp"  # mail may have any name
            )
            if path.is_file() and not path.is_symlink() and not is_rest:
                yield name.as_posix(), path


def write_archive_zip(
    target: Path, entries: Iterable[tuple[str, Path | bytes]], *, private: bool = False
) -> None:
    """Write a zip, entry by entry: the same entries, the same bytes.

    Parameters
    ----------
    target : Path
        The file.
    entries : iterable of tuple of str and Path or bytes
        Name and content of each entry.
    private : bool
        Whether only the owner may read it.
    """
    write_private_file(target, b"", 0o600 if private else 0o644)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for name, source in entries:
            info = zipfile.ZipInfo(name, ENTRY_DATE)
            info.create_system, info.external_attr = 3, 0o600 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            if isinstance(source, bytes):
                archive.writestr(info, source)
                continue
            info.file_size = source.stat().st_size
            with source.open("rb") as stream, archive.open(info, "w") as entry:
                while chunk := stream.read(_CHUNK):
                    entry.write(chunk)
