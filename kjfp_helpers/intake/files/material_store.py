"""Store of copies of the received files, under safe names."""

import re
import shutil
import stat
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kjfp_helpers.infra.atomic_files import (
    file_mode,
    make_private_folder,
    output_errors,
    sha256_file,
    write_private_file,
)
from kjfp_helpers.intake.files.file_types import CONVERTIBLE_FORMATS, STORED_EXTENSION
from kjfp_helpers.intake.received_folder import MATERIALS_FOLDER

_FORBIDDEN_CHARS = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f]")
_MAX_STEM_BYTES = 150
_HARMLESS_EXTENSION = re.compile(
    r"\.(?:docx?|xlsx?|wps|et|pdf|rtf|odt|ods|txt|jpe?g|png|gif|bmp|tiff?|webp|zip|rar|7z|eml|mbox)$",
    re.IGNORECASE,
)


def safe_name(name: str, extension: str = "") -> str:
    """Return a safe file name: no folders, short, visible characters, not executable.

    Parameters
    ----------
    name : str
        The declared name.
    extension : str
        Extension that fits the content, appended where the name has another one.

    Examples
    --------
    >>> safe_name("../推荐表.exe"), safe_name("推荐表", ".docx")
    ('_推荐表.exe.bin', '推荐表.docx')
    """
    cleaned = unicodedata.normalize("NFC", name)
    cleaned = "".join(
        char for char in cleaned if unicodedata.category(char) not in ("Cf", "Cc", "Cs", "Co")
    )
    cleaned = _FORBIDDEN_CHARS.sub("_", cleaned).strip(". ")
    stem, dot, last = cleaned.rpartition(".")
    stem, suffix = (stem, dot + last) if dot and len(last) <= 5 else (cleaned, "")
    while len(stem.encode()) > _MAX_STEM_BYTES:
        stem = stem[:-1]
    result = f"{stem.strip() or '未命名'}{suffix}"
    if extension and suffix.lower() != extension:
        return result + extension
    return result if _HARMLESS_EXTENSION.search(result) else f"{result}.bin"


def _is_copy(path: Path, sha256: str) -> bool:
    """Return whether a regular file has this SHA-256."""
    try:
        return stat.S_ISREG(path.lstat().st_mode) and sha256_file(path) == sha256
    except OSError:
        return False


_CONVERTIBLE_EXTENSIONS = tuple(STORED_EXTENSION[kind] for kind in CONVERTIBLE_FORMATS)


def _unit_folder(unit: str) -> str:
    return safe_name(f"{unit or 'unknown'}.zip").removesuffix(".zip")


def _stored_paths(unit: str, names: list[str]) -> dict[str, str]:
    return {name: f"{MATERIALS_FOLDER}/{_unit_folder(unit)}/{name}" for name in names}


class MaterialStore:
    """Builds a new folder of copies beside the existing one and replaces it on :meth:`commit`.

    Copies are readable by the owner only, or have the mode of the folder that they replace.

    Raises
    ------
    OutputError
        From any call, when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._new_folder = folder.with_name(f"{folder.name}.part")
        self._pending_folder = self._new_folder / ".waiting"
        self._mode = file_mode(folder, 0o700)
        with output_errors(folder):
            shutil.rmtree(self._new_folder, ignore_errors=True)
            make_private_folder(self._new_folder)
            self._pending_folder.mkdir()

    def add(self, name: str, data: bytes) -> None:
        """Write a copy of a file whose unit is not known yet."""
        with output_errors(self._folder):
            write_private_file(self._pending_folder / name, data, self._mode & 0o666)

    def pending_path(self, name: str) -> Path:
        """Return the path of a copy whose unit is not known yet."""
        return self._pending_folder / name

    @contextmanager
    def scratch_dir(self) -> Iterator[Path]:
        """Provide an empty scratch folder that is removed afterwards."""
        folder = self._new_folder / ".workshop"
        with output_errors(self._folder):
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def assign_to_unit(self, unit: str, names: list[str]) -> dict[str, str]:
        """Move copies to the folder of a unit; return their paths below the received folder."""
        folder = self._new_folder / _unit_folder(unit)
        with output_errors(self._folder):
            if names:
                folder.mkdir(exist_ok=True)
                folder.chmod(self._mode)
            for name in names:
                (self._pending_folder / name).replace(folder / name)
        return _stored_paths(unit, names)

    def adopt(self, copies: Mapping[str, str]) -> bool:
        """Take over copies from the existing folder; return whether all stand there unaltered.

        Parameters
        ----------
        copies : Mapping
            Path below the received folder to SHA-256.
        """
        paths = {stored: self._folder.parent / stored for stored in copies}
        if not all(_is_copy(paths[stored], sha256) for stored, sha256 in copies.items()):
            return False
        with output_errors(self._folder):
            for stored, path in paths.items():
                target = self._new_path(stored)
                target.parent.mkdir(exist_ok=True)
                target.parent.chmod(self._mode)
                try:
                    target.hardlink_to(path)
                except OSError:  # a file system without links
                    shutil.copyfile(path, target)
                target.chmod(self._mode & 0o666)
        return True

    def keep_only(self, stored: Collection[str]) -> None:
        """Delete all other copies: of messages received before, and of those half read."""
        kept = {self._new_path(path) for path in stored}
        with output_errors(self._folder):
            for path in sorted(self._new_folder.rglob("*"), reverse=True):
                if path.is_dir():
                    if path != self._pending_folder and not any(path.iterdir()):
                        path.rmdir()
                elif path not in kept:
                    path.unlink()

    def _new_path(self, stored: str) -> Path:
        """Return where a copy lies in the new folder, by its path below the received folder."""
        return self._new_folder / Path(stored).relative_to(MATERIALS_FOLDER)

    def commit(self) -> None:
        """Replace the existing folder by the new one."""
        with output_errors(self._folder):
            shutil.rmtree(self._pending_folder, ignore_errors=True)
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._new_folder.chmod(self._mode)
            self._new_folder.replace(self._folder)

    def rollback(self) -> None:
        """Discard the new folder and keep the existing one."""
        shutil.rmtree(self._new_folder, ignore_errors=True)


class PathStore(MaterialStore):
    """A store that gives every copy its path and keeps none: for a reading that is compared.

    Files that LibreOffice converts are there until their message has been read.
    """

    def add(self, name: str, data: bytes) -> None:
        """Write a copy of a file that needs conversion, ignore any other."""
        if name.endswith(_CONVERTIBLE_EXTENSIONS):
            super().add(name, data)

    def assign_to_unit(self, unit: str, names: list[str]) -> dict[str, str]:
        """Return the paths that copies would have below the received folder."""
        with output_errors(self._folder):
            for name in names:
                (self._pending_folder / name).unlink(missing_ok=True)
        return _stored_paths(unit, names)

    def commit(self) -> None:
        """Remove the folder; the existing one stays."""
        self.rollback()


class ConversionStaging(MaterialStore):
    """A store of only the files that LibreOffice converts, in a folder that the caller removes."""

    def __init__(self, folder: Path) -> None:
        self._pending_folder = folder

    def add(self, name: str, data: bytes) -> None:
        """Write a copy of a file that needs conversion, ignore any other."""
        if name.endswith(_CONVERTIBLE_EXTENSIONS):
            (self._pending_folder / name).write_bytes(data)

    def assign_to_unit(self, unit: str, names: list[str]) -> dict[str, str]:
        """Return an empty path for every copy."""
        return dict.fromkeys(names, "")
