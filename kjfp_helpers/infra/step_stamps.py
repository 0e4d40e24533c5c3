"""Stamps of finished steps: of what each was made, and what it left, so that it is not made twice.

A stamp is believed only where its inputs are the present ones and every file stands as it was left;
one that is missing, damaged, of other code or of another state means that the step runs again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import files_below, sha256_file
from kjfp_helpers.infra.cache import read_verified, write_verified
from kjfp_helpers.infra.process_pool import map_in_threads

STAMPS_FOLDER = ".kjfp-steps"
"""Folder of the stamps below the outputs of a round."""


@dataclass(frozen=True)
class StepStamp:
    """What a step was made of and what it left.

    Attributes
    ----------
    inputs : str
        Digest of everything that the step depends on.
    files : mapping
        Path below the outputs to SHA-256, of every file that the step wrote.
    whole : sequence of str
        Glob patterns below the outputs; a file that matches one and is not in ``files`` is foreign.
    read : mapping
        SHA-256 of the path of each received copy that the step read, below the folder of received
        material, to the SHA-256 of the copy: names may contain personal data.
    count : int
        How many items the step reports.
    notes : sequence of str
        Chinese lines for the clerk.
    record : str
        Head of the ledger's record of the files.
    tools : mapping
        Programs that the step needed to their versions.
    """

    inputs: str
    files: Mapping[str, str]
    whole: Sequence[str] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    notes: Sequence[str] = ()
    record: str = ""
    tools: Mapping[str, str] = field(default_factory=dict)


def files_stand(folder: Path, files: Mapping[str, str]) -> bool:
    """Return whether every file below a folder has its SHA-256; ``""`` stands for no file."""
    return all(sha256_file(folder / name) == sha256 for name, sha256 in files.items())


class StepStamps:
    """The stamps below an output folder.

    Parameters
    ----------
    outputs : Path
        The outputs of a round.
    received : Path
        Its folder of received material.
    """

    def __init__(self, outputs: Path, received: Path) -> None:
        self._outputs, self._received = outputs, received

    def find(self, step: str, inputs: str) -> StepStamp | None:
        """Return the stamp of a step that would be made again exactly as it stands."""
        stamp = self._read(step)
        if stamp is None or stamp.inputs != inputs:
            return None
        listed = {
            path.relative_to(self._outputs).as_posix()
            for pattern in stamp.whole
            for path in self._outputs.glob(pattern)
        }
        stands = (
            listed <= stamp.files.keys()
            and files_stand(self._outputs, stamp.files)
            and (not stamp.read or self._digest_copies(stamp.read) == stamp.read)
        )
        return stamp if stands else None

    def write(self, step: str, stamp: StepStamp) -> None:
        """Write the stamp of a step; where that is impossible, the step runs again next time."""
        with suppress(OutputError):
            content = json.dumps(asdict(stamp), ensure_ascii=False, indent=1)
            write_verified(self._path(step), content.encode("utf-8", "surrogatepass"))

    def digest_read(self, names: Iterable[str]) -> dict[str, str]:
        """Return ``read`` of a stamp for received copies, by their path below the folder.

        A mapping gives the SHA-256 of each besides, where that is known.
        """
        if isinstance(names, Mapping):
            return dict(sorted((_digest_text(name), sha256) for name, sha256 in names.items()))
        wanted = {_digest_text(name) for name in names}
        return self._digest_copies(wanted) if wanted else {}

    def _digest_copies(self, wanted: Collection[str]) -> dict[str, str]:
        """Return the SHA-256 of the copies whose digested path is wanted, ``""`` for none."""
        names = {
            digest: self._received / name
            for name in files_below(self._received)
            if (digest := _digest_text(name)) in wanted
        }
        hashes = dict(zip(names, map_in_threads(sha256_file, names.values()), strict=True))
        return {name: hashes.get(name, "") for name in sorted(wanted)}

    def _path(self, step: str) -> Path:
        return self._outputs / STAMPS_FOLDER / f"{step}.json"

    def _read(self, step: str) -> StepStamp | None:
        content = read_verified(self._path(step))
        try:
            values: dict[str, Any] = json.loads(content or b"")
            return StepStamp(**values)
        except (ValueError, TypeError):
            return None


def digest_files(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files below a folder by name, ``""`` where there is none."""
    return {name: sha256_file(folder / name) for name in sorted(names)}


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
