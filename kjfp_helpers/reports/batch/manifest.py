"""Manifest of the generated reports: input digests and failures.

The manifest is written whole when a run ends. While it runs, each report that is done adds a line
to a journal beside it, so that a killed run loses none and a long one writes no list again and
again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.infra.step_stamps import files_stand
from kjfp_helpers.reports.batch.batch_result import BatchResult
from kjfp_helpers.reports.report_types import select_reports
from kjfp_helpers.reports.run_digest import is_remembered
from kjfp_helpers.rules.round_folders import output_folder, round_folder

MANIFEST, JOURNAL = "manifest.json", "manifest.jsonl"
DOCX, PDF = ".docx", ".pdf"
FORMATS = (DOCX, PDF)
"""Endings in which a unit's report is made besides page and notebook, where asked for."""


@dataclass
class Manifest:
    """What stands in a folder of reports.

    ``stamp`` is that of everything the last whole run rested on, ``""`` when it did not end or
    something failed; ``reports`` holds ``inputs``, ``files`` (name to SHA-256), ``facts`` and
    ``parts`` by report, one that failed with the files of its last success and no inputs (a paper
    still to be made has no hash); ``pages`` are the hashes of the indexes, ``workbook`` the digest
    of what the index as a workbook was made of.
    """

    folder: Path
    stamp: str = ""
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    workbook: str = ""

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it and the journal of a run that did not end; what is torn counts as absent."""
        try:
            manifest = cls(folder, **json.loads((folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            manifest = cls(folder)
        if (folder / JOURNAL).exists():
            manifest.stamp = ""
            for line in (folder / JOURNAL).read_bytes().splitlines():
                try:
                    manifest._take(**json.loads(line))
                except (ValueError, TypeError):
                    break
        return manifest

    def note(
        self,
        name: str,
        *,
        report: dict[str, Any] | None = None,
        failed: dict[str, str] | None = None,
    ) -> None:
        """Take in that a report was made (``inputs`` and ``files``), or failed."""
        line = {"name": name, "report": report, "failed": failed}
        with output_errors(self.folder), (self.folder / JOURNAL).open("ab") as journal:
            journal.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._take(name, report, failed)

    def _take(
        self, name: str, report: dict[str, Any] | None, failed: dict[str, str] | None
    ) -> None:
        self.drop(name)
        if report is not None:
            self.reports[name] = report
        if failed is not None:
            self.failed[name] = failed

    def drop(self, name: str) -> None:
        """Forget a report."""
        self.reports.pop(name, None)
        self.failed.pop(name, None)

    def write(self) -> None:
        """Write it whole, a line a report in order of name; the journal has served."""
        parts = [
            f"{_to_json(key)}: {_to_json(getattr(self, key))}" for key in ("stamp", "workbook")
        ]
        for key in ("reports", "failed", "pages"):
            rows = sorted(getattr(self, key).items())
            lines = ",\n".join(f"{_to_json(name)}: {_to_json(row)}" for name, row in rows)
            parts.append(f"{_to_json(key)}: {{\n{lines}\n}}")
        text = ",\n".join(parts)
        atomic_write(self.folder / MANIFEST, f"{{{text}}}\n".encode())
        with output_errors(self.folder):
            (self.folder / JOURNAL).unlink(missing_ok=True)

    def formats_of(self, name: str) -> set[str]:
        """Return the further endings in which a report stands."""
        files = self.reports.get(name, {}).get("files", {})
        return {ending for ending in FORMATS if f"{name}{ending}" in files}

    def has_formats(self, name: str, formats: Sequence[str]) -> bool:
        """Tell whether a report stands in all of these further endings."""
        return set(formats) <= self.formats_of(name)

    def named_files(self) -> set[str]:
        """Return the names of the files of all reports."""
        return set(self.named_digests())

    def named_digests(self) -> dict[str, str]:
        """Return the files of all reports, by name to SHA-256; ``""`` for one still to be made."""
        entries = (entry["files"] for entry in self.reports.values())
        return {name: value for files in entries for name, value in files.items()}

    def output_digests(self) -> dict[str, str]:
        """Return the files of all reports and the indexes, by name to SHA-256, without data."""
        files = self.named_digests().items()
        return self.pages | {name: v for name, v in files if v and not name.startswith("data/")}

    def standing_reports(self) -> set[str]:
        """Return the names of the reports whose files are all as they were made."""
        return {
            name for name, entry in self.reports.items() if files_stand(self.folder, entry["files"])
        }

    def stands(self, stamp: str) -> bool:
        """Tell whether every report and index stands as the run of this stamp left it."""
        if not stamp or stamp != self.stamp or self.failed:
            return False
        return files_stand(self.folder, self.pages) and self.standing_reports() == set(self.reports)


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def find_unchanged_reports(
    round_dir: str, outputs: str, parameters: Mapping[str, Any], *, only: Sequence[str] = ()
) -> BatchResult | None:
    """Return the result of a run that would make nothing; ``None`` where that must be looked into.

    Parameters
    ----------
    round_dir, outputs : str
        The round by path or name, and its outputs, ``""`` for the usual place.
    parameters : mapping
        Further parameters for the notebooks, as they were given.
    only : sequence of str
        Reports that are asked for, all where empty.

    Raises
    ------
    ParameterError
        When ``only`` names nothing.
    """
    folder = round_folder(round_dir).resolve()
    place = output_folder(folder.name, outputs)
    if not is_remembered(folder, place, parameters):
        return None
    manifest = Manifest.read(place / "reports")
    if not manifest.stands(manifest.stamp):
        return None
    return BatchResult(unchanged=tuple(select_reports(manifest.reports, only)))
