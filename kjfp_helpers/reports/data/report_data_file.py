"""The files that hold the reports' data, as notebooks and the batch read them."""

import hashlib
import json
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors, sha256_file

ReportData = dict[str, Any]
"""What one report shows: plain values, as the JSON file holds them."""


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


class ReportDataFolder:
    """The data of all reports, ``reports/data`` below the outputs.

    What was written through it is not read again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._contents: dict[str, ReportData] = {}
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
        if name not in self._contents:
            self._contents[name] = load_report_data(self.path(name))
        return self._contents[name]

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
        self._contents[name], self._digests[name] = content, digest

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
