"""Office files (.docx, .xlsx, .odt) as zip packages whose parts are read under a size limit."""

from kjfp_helpers.intake.files.zip_archives import (
    CORRUPT_ZIP_ERRORS,
    have_overlapping_members,
    open_zip,
)


class OfficePackage:
    """An opened Office file; its parts are read one by one under a size limit.

    Raises
    ------
    TooManyEntries
        When it declares thousands of parts.
    zipfile.BadZipFile
        When it is no zip file.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = open_zip(data)
        self.entries = self._archive.infolist()
        self._parts = {info.filename.lstrip("/"): info for info in self.entries}
        self._read: dict[str, bytes | None] = {}

    @property
    def part_names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(self._parts)

    def has_part(self, part: str) -> bool:
        """Whether a part is there."""
        return part in self._parts

    @property
    def declared_bytes(self) -> int:
        """Bytes of all parts together, as declared; zipfile never yields more than that."""
        return sum(info.file_size for info in self._parts.values())

    @property
    def is_encrypted(self) -> bool:
        """Whether any part has a password."""
        return any(info.flag_bits & 1 for info in self.entries)

    @property
    def has_overlapping_parts(self) -> bool:
        """Whether parts share bytes of the file."""
        return have_overlapping_members(self.entries)

    def part_size(self, part: str) -> int:
        """Return the declared bytes of a part, 0 when it is missing."""
        info = self._parts.get(part)
        return info.file_size if info else 0

    def read_part(self, part: str, limit: int) -> bytes | None:
        """Return a part's bytes, ``None`` when it is missing, broken or above the limit."""
        if part not in self._read:
            self._read[part] = self._fetch(part, limit)
        return self._read[part]

    def _fetch(self, part: str, limit: int) -> bytes | None:
        """Read a part, ``None`` if it is missing, too large, encrypted or broken."""
        info = self._parts.get(part)
        if info is None or info.file_size > limit or info.flag_bits & 1:
            return None
        try:
            return self._archive.read(info)
        except CORRUPT_ZIP_ERRORS:
            return None
