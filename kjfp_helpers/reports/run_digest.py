"""Digest of all that a run of the reports would look at, by the bytes on disk.

Opening a round costs more than finding that nothing changed in it. So a run that left every report
as its inputs want it keeps one digest of those inputs as they lie on disk: rule files, ledger,
intake result, papers, notebooks, code, account and parameters. While that digest and the reports
stand, the next run is over before rules, ledger or a library are loaded; anything else leads
through the open round, which decides by itself.
"""

import getpass
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import is_void, sha256_file
from kjfp_helpers.infra.cache import read_verified, write_verified
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.infra.output_lock import HOLDER_FILE
from kjfp_helpers.infra.step_stamps import STAMPS_FOLDER
from kjfp_helpers.reports.report_types import REPORT_TYPES
from kjfp_helpers.rules.round_folders import notebooks_folder

_FILE, _LEDGER = "regenerate.json", "review.db"
_LOOKED_AT = ("*", "received/intake.json"), ("*", "packets/*")
"""Files of the round and of its outputs that a run reads besides the reports themselves."""
_LINKED = (
    "*.xlsx",
    "*.docx",
    "exhibition/index.html",
    "forms/*/*",
    "letters/**/*.docx",
    "packets/*",
)
"""Documents below the outputs that the indexes link to."""


def is_remembered(folder: Path, outputs: Path, parameters: Mapping[str, Any]) -> bool:
    """Return whether all that a run would look at is as one left it, see :func:`digest_run`."""
    if (outputs / HOLDER_FILE).exists():  # another command is at work there
        return False
    kept = read_verified(outputs / STAMPS_FOLDER / _FILE)
    return kept is not None and kept.decode("utf-8", "replace") == digest_run(
        folder, outputs, parameters
    )


def remember_run(
    folder: Path, outputs: Path, parameters: Mapping[str, Any], stands: Callable[[], bool]
) -> None:
    """Keep the digest for the next run.

    Parameters
    ----------
    folder, outputs, parameters
        As for :func:`digest_run`.
    stands : callable
        Whether every report is what the open round wants at this moment; the digest is kept only
        where it is the same before and after this was asked.
    """
    before = digest_run(folder, outputs, parameters)
    if before and stands() and digest_run(folder, outputs, parameters) == before:
        with suppress(OutputError):  # the next run opens the round
            write_verified(outputs / STAMPS_FOLDER / _FILE, before.encode())


def digest_run(folder: Path, outputs: Path, parameters: Mapping[str, Any]) -> str:
    """Return one hash of all that a run would look at, ``""`` where files alone do not tell it.

    It is the same for the same files in another place: no report tells where its round lies.

    Parameters
    ----------
    folder, outputs : Path
        The round and its outputs.
    parameters : mapping
        Further parameters for the notebooks, as they were given.
    """
    own = {name: value for name, value in os.environ.items() if _is_setting(name)}
    own["hub"] = os.environ.get("JUPYTERHUB_USER", "")
    if own.get("KJFP_DATABASE_URL"):  # the ledger is no file
        return ""
    notebooks = notebooks_folder()
    try:
        parts = [build_fingerprint(), getpass.getuser(), repr(sorted(own.items()))]
        parts += [repr(sorted(parameters.items()))]
        parts += [sha256_file(notebooks / kind.notebook) for kind in REPORT_TYPES]
        for top, patterns in zip((folder, outputs), _LOOKED_AT, strict=True):
            parts += [top.name, *_list_files(top, patterns)]
        parts += linked_documents(outputs)
    except (OSError, KeyError):  # a file that goes, or an account without a name
        return ""
    return hash_texts(parts)


def linked_documents(outputs: Path) -> list[str]:
    """Return the names of the documents that the indexes may link to, in order."""
    found = (path for pattern in _LINKED for path in outputs.glob(pattern))
    return sorted(path.relative_to(outputs).as_posix() for path in found)


def _is_setting(name: str) -> bool:
    return name.startswith("KJFP_") and not name.startswith("KJFP_PROGRESS_")


def _list_files(top: Path, patterns: Iterable[str]) -> list[str]:
    """Return each file with content, and its SHA-256, that of the ledger without its requests.

    A journal that a commit has voided is left out: it goes when the ledger is closed.
    """
    paths = sorted({path for pattern in patterns for path in top.glob(pattern)})
    return [
        f"{path.relative_to(top).as_posix()} "
        f"{_digest_events(path) if path.name == _LEDGER else sha256_file(path)}"
        for path in paths
        if path.name != HOLDER_FILE and path.is_file() and not _says_nothing(path)
    ]


def _says_nothing(path: Path) -> bool:
    is_journal = path.name == f"{_LEDGER}-journal"
    return is_void(path) if is_journal else not path.stat().st_size


def _digest_events(ledger: Path) -> str:
    """Return the SHA-256 of all events of a ledger; of its bytes where they cannot be read.

    Beside the events stand the random numbers of the requests that wrote them, which say nothing.
    """
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            for row in opened.execute("SELECT * FROM events ORDER BY seq"):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
    except sqlite3.Error:
        return sha256_file(ledger)
    return digest.hexdigest()
