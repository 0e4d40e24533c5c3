"""Photographs and papers that come with a visit form: copied into the round, privately."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from kjfp_helpers.core.errors import os_error_reason
from kjfp_helpers.infra.atomic_files import atomic_write, make_private_folder
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.reports import formatting
from kjfp_helpers.rules import Round

EVIDENCE = "spotcheck"
"""Folder of the evidence in a round's folder, a folder for each unit below it."""
FORMATS = {"image": "图片", "pdf": "PDF"}
MAX_PHOTO_BYTES = 60_000_000


class VisitPhotos:
    """Takes in the files that a form names; ``problems`` says in Chinese which it could not."""

    def __init__(self, round: Round, unit: str, source: Path) -> None:
        self._round, self._unit, self._source = round, unit, source
        self.problems: list[str] = []

    def take(self, names: Iterable[str]) -> dict[str, str]:
        """Copy the named files; return file name to SHA-256 of those that were found."""
        taken = {}
        for name in dict.fromkeys(names):
            shown = formatting.to_single_line(name, 40)
            data = self._read(name, shown)
            if data is None:
                continue
            sha256 = hashlib.sha256(data).hexdigest()
            make_private_folder(evidence_folder(self._round, self._unit))
            atomic_write(find_evidence(self._round, self._unit, name, sha256), data, private=True)
            taken[name] = sha256
        return taken

    def _read(self, name: str, shown: str) -> bytes | None:
        if Path(name).name != name or name.startswith(".") or len(name) > 120:
            self.problems.append(f"照片“{shown}”：不是单个文件名，未收。请只写文件名。")
            return None
        path = self._source / name
        try:
            if not path.is_file() or path.is_symlink():
                self.problems.append(f"照片“{shown}”：表旁没有这个文件，请补交后重新导入。")
                return None
            if path.stat().st_size > MAX_PHOTO_BYTES:
                self.problems.append(f"照片“{shown}”：超过{MAX_PHOTO_BYTES // 10**6}MB，未收。")
                return None
            data = path.read_bytes()
        except OSError as error:
            self.problems.append(f"照片“{shown}”：不能读取（{os_error_reason(error)}）。")
            return None
        kind, _ = detect_format(data, name)
        if str(kind) not in FORMATS:
            self.problems.append(
                f"照片“{shown}”：应为{'、'.join(FORMATS.values())}，未收。请另存后重新导入。"
            )
            return None
        return data


def evidence_folder(round: Round, unit: str) -> Path:
    """Return the folder of the evidence of a unit."""
    return round.folder / EVIDENCE / unit


def find_evidence(round: Round, unit: str, name: str, sha256: str) -> Path:
    """Return where a file of the evidence is kept."""
    return evidence_folder(round, unit) / f"{sha256[:12]}-{name}"
