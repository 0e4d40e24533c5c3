"""The files that hold the reports' data, as notebooks and the batch read them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors, sha256_file
from kjfp_helpers.reports.report_types import OFFICE, PANEL, UNIT

ReportData = dict[str, Any]
"""What one report shows: plain values, as the JSON file holds them."""
OUTLINE_PARTS: Mapping[str, Sequence[str]] = {
    "": ("title", "round", "counts", "stocktake"),
    UNIT: ("title",),
    OFFICE: (
        *("title", "unit", "state", "completeness", "nominees"),
        *("verdict", "duties", "version", "links"),
    ),
    PANEL: ("title", "unit", "state", "verdict"),
    "cases": ("title", "case", "result", "findings"),
    "members": ("title", "member", "name", "cases", "done", "owing", "sealed"),
}
"""Folder of reports to the parts of their data that the indexes show."""


def load_report_data(path: str | Path) -> ReportData:
    """Read the data of one report.

    Raises
    ------
    OutputError
        When there is no such file, or it is not complete.
    """
    try:
        content: ReportData = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(
            f"报告数据 {Path(path).name}",
            expected="本轮的数据文件",
            found="没有找到或不完整",
            advice="先运行 kjfp regenerate",
        ) from error
    return content


def _outline(name: str, content: ReportData) -> ReportData:
    return {part: content[part] for part in OUTLINE_PARTS[name.rpartition("/")[0]]}


class ReportDataFolder:
    """The data of all reports, ``reports/data`` below the outputs.

    In memory stay the digests and the outlines only: the data of all reports take several hundred
    megabytes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._outlines: dict[str, ReportData] = {}
        self._digests: dict[str, str] = {}

    def names(self) -> list[str]:
        """Return the names of the reports that have data."""
        return [
            path.relative_to(self.folder).with_suffix("").as_posix()
            for path in self.folder.rglob("*.json")
        ]

    def path(self, name: str) -> Path:
        """Return the file of a report's data."""
        return self.folder / f"{name}.json"

    def content(self, name: str) -> ReportData:
        """Return the data of a report.

        Raises
        ------
        OutputError
            When there is no such file, or it is not complete.
        """
        return load_report_data(self.path(name))

    def outline(self, name: str) -> ReportData:
        """Return the parts of a report's data that the indexes show.

        Raises
        ------
        OutputError
            As for :meth:`content`.
        """
        if name not in self._outlines:
            self._outlines[name] = _outline(name, self.content(name))
        return self._outlines[name]

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a report's data, ``""`` where there are none."""
        if name not in self._digests:
            self._digests[name] = sha256_file(self.path(name))
        return self._digests[name]

    def write(self, name: str, content: ReportData) -> None:
        """Write the data of a report where the file holds anything else.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        data = f"{json.dumps(content, ensure_ascii=False, allow_nan=False)}\n".encode()
        path, digest = self.path(name), hashlib.sha256(data).hexdigest()
        with output_errors(self.folder):
            stands = sha256_file(path) == digest
        if not stands:
            atomic_write(path, data)
        self._outlines[name], self._digests[name] = _outline(name, content), digest

    def take_written(self, other: "ReportDataFolder") -> list[str]:
        """Take over what another process wrote into this folder; return the names."""
        self._outlines |= other._outlines
        self._digests |= other._digests
        return list(other._digests)

    def keep_only_written(self) -> None:
        """Remove every file that was not written through this object.

        Raises
        ------
        OutputError
            When one cannot be removed.
        """
        due = {self.path(name) for name in self._digests}
        with output_errors(self.folder):
            for path in self.folder.rglob("*"):
                if path.is_file() and path not in due:
                    path.unlink()
