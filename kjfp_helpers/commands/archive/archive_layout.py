"""Names in an archive, and its first page as data: ``archive.json``."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kjfp_helpers.core.errors import OutputError

ABOUT = "archive.json"
GUIDE = "说明.html"
INDEX_SHEET, INDEX_TABLE = "归档文件目录.xlsx", "归档文件目录.csv"
MANIFEST, VAULT_MANIFEST = "manifest.sha256", "vault.sha256"
RULES, LEDGER, RECORDS, PAPERS, PRINTS, PROGRAM = (
    "rules",
    "ledger",
    "records",
    "papers",
    "papers-pdfa",
    "program",
)
"""Folders: rule files, ledger, records, papers as issued, their prints, programme version."""
LINES, DATABASE = "events.jsonl", "review.db"
"""The ledger as lines of text and as SQLite."""
VAULT_SUFFIX = "-身份信息卷.zip"
"""End of the name of the vault, which lies beside the archive."""
IDENTITIES = "identities.csv"


@dataclass(frozen=True, kw_only=True)
class ArchiveInfo:
    """What an archive is of: round, its title and office, and the ledger's head in it.

    ``until`` and ``head`` are number and hash of the last event, ``withheld`` the numbers of the
    events that hold personal numbers and stand in the vault; ``vault`` is the vault's file name;
    ``tables`` are the tables below ``records``, each as CSV and as JSON.
    """

    round: str
    title: str
    office: str
    until: int
    head: str
    withheld: tuple[int, ...]
    vault: str
    tables: tuple[str, ...] = ()
    format: int = 1

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()


def read_info(folder: Path) -> ArchiveInfo:
    """Read what an archive is of.

    Raises
    ------
    OutputError
        When the folder is no archive of this program.
    """
    try:
        values = json.loads((folder / ABOUT).read_text("utf-8"))
        lists = {"withheld": tuple(values["withheld"]), "tables": tuple(values.get("tables", ()))}
        info = ArchiveInfo(**{**values, **lists})
        for name in (info.round, info.vault, *info.tables):  # names of files, never paths
            if name in ("", ".", "..") or Path(name).name != name or "\\" in name:
                raise ValueError(name)
        return info
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OutputError(
            f"档案 {folder.name}",
            expected=f"kjfp archive 所做的文件夹，含 {ABOUT}",
            found="没有，或读不出",
            advice="核对路径；文件不全的，用另一份档案",
        ) from error


def list_files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, in order of its path."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
