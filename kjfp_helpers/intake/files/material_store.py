"""Copies of what arrived, under names that can do no harm."""

import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kjfp_helpers.infra.atomic_files import make_private, mode_of, write_private, writing
from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, STORED_EXTENSION

_BAD = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f]")
_LONGEST = 150
MATERIALS_FOLDER = "materials"
"""Name of the store below the received folder, wherever copies are put for a trial."""
_HARMLESS = re.compile(
    r"\.(?:docx?|xlsx?|wps|et|pdf|rtf|odt|ods|txt|jpe?g|png|gif|bmp|tiff?|webp|zip|rar|7z|eml|mbox)$",
    re.IGNORECASE,
)


def safe_name(name: str, ending: str = "") -> str:
    """Return a file name that is one step, short, visible and not executable anywhere."""
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(
        sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cs", "Co")
    )
    plain = _BAD.sub("_", plain).strip(". ")
    stem, dot, last = plain.rpartition(".")
    stem, suffix = (stem, dot + last) if dot and len(last) <= 5 else (plain, "")
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    kept = f"{stem.strip() or '未命名'}{suffix}"
    if ending and suffix.lower() != ending:
        return kept + ending
    return kept if _HARMLESS.search(kept) else f"{kept}.bin"


_OLD = tuple(STORED_EXTENSION[kind] for kind in CONVERTIBLE_FORMATS)


class MaterialStore:
    """Builds the folder of copies beside the old one and puts it in its place when done.

    The copies are the owner's alone, or have the mode of the folder that they replace.

    Raises
    ------
    OutputError
        From any call, when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._part = folder.with_name(f"{folder.name}.part")
        self._waiting = self._part / ".waiting"
        self._mode = mode_of(folder, 0o700)
        with writing(folder):
            shutil.rmtree(self._part, ignore_errors=True)
            make_private(self._part)
            self._waiting.mkdir()

    def add(self, name: str, data: bytes) -> None:
        """Write a copy whose unit is not known yet."""
        with writing(self._folder):
            write_private(self._waiting / name, data, self._mode & 0o666)

    def pending_path(self, name: str) -> Path:
        """Return where a copy is whose unit is not known yet."""
        return self._waiting / name

    @contextmanager
    def scratch_dir(self) -> Iterator[Path]:
        """Lend an empty folder for work on the copies; it is gone afterwards."""
        folder = self._part / ".workshop"
        with writing(self._folder):
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def assign_to_unit(self, unit: str, names: list[str]) -> dict[str, str]:
        """Move copies below a unit; return the path of each below the received folder."""
        shelf = safe_name(f"{unit or 'unknown'}.zip").removesuffix(".zip")
        with writing(self._folder):
            if names:
                (self._part / shelf).mkdir(exist_ok=True)
                (self._part / shelf).chmod(self._mode)
            for name in names:
                (self._waiting / name).replace(self._part / shelf / name)
        return {name: f"{MATERIALS_FOLDER}/{shelf}/{name}" for name in names}

    def discard(self, names: list[str]) -> None:
        """Forget copies of a message that had come before."""
        for name in names:
            (self._waiting / name).unlink(missing_ok=True)

    def commit(self) -> None:
        """Put the new folder in the place of the old one."""
        with writing(self._folder):
            shutil.rmtree(self._waiting, ignore_errors=True)
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._part.chmod(self._mode)
            self._part.replace(self._folder)

    def rollback(self) -> None:
        """Leave the old folder as it was."""
        shutil.rmtree(self._part, ignore_errors=True)


class ConversionStaging(MaterialStore):
    """Keeps only what LibreOffice is to convert, in a folder that the caller removes."""

    def __init__(self, folder: Path) -> None:
        self._waiting = folder

    def add(self, name: str, data: bytes) -> None:
        """Write a copy of an old Office file, none of any other."""
        if name.endswith(_OLD):
            (self._waiting / name).write_bytes(data)

    def assign_to_unit(self, unit: str, names: list[str]) -> dict[str, str]:
        """Return no place for any copy."""
        return dict.fromkeys(names, "")
