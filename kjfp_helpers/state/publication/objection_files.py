"""Files of objections: who objects, what came with it, replies; they stay in the round's folder.

Identities are kept apart from the ledger, which has only their digests: the ledger is shown and
handed on, and who objects is known only to who handles the objection.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import atomic_write, make_private_folder, sha256_file
from kjfp_helpers.intake.files.material_store import safe_name

FOLDER = "objections"
"""Name of the folder below the round's folder (0700)."""


@dataclass(frozen=True, kw_only=True)
class Objector:
    """Who objects: name, unit or address, and how to reach them."""

    name: str
    unit: str = ""
    contact: str = ""


class ObjectionFiles:
    """The folder of the objections of a round."""

    def __init__(self, round_folder: Path) -> None:
        self.folder = round_folder / FOLDER

    def store_identity(self, objector: Objector) -> str:
        """Keep who objects; return the SHA-256 of the file.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        text = json.dumps(asdict(objector), ensure_ascii=False, indent=1, sort_keys=True)
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        self._write(self.folder / _identity_name(digest), content)
        return digest

    def read_identity(self, number: int, digest: str) -> Objector:
        """Return who objects.

        Raises
        ------
        OutputError
            When the file is missing or altered.
        """
        path = self._identity_path(number, digest)
        if not path.is_file() or sha256_file(path) != digest:
            raise OutputError(
                f"第{number}号异议的署名",
                expected="与登记时相同的文件",
                found="不见了" if not path.is_file() else "有改动",
                advice=f"从备份恢复轮次文件夹中的 {FOLDER}/{path.name}",
            )
        return Objector(**json.loads(path.read_bytes()))

    def store_evidence(self, files: Sequence[tuple[str, bytes]]) -> tuple[tuple[str, str], ...]:
        """Keep the files that came with an objection; return name and SHA-256 of each.

        Raises
        ------
        OutputError
            When a file cannot be written.
        """
        kept = []
        for name, content in files:
            digest = hashlib.sha256(content).hexdigest()
            self._write(self.folder / _evidence_name(name, digest), content)
            kept.append((name, digest))
        return tuple(kept)

    def store_reply(self, number: int, name: str, content: bytes) -> Path:
        """Keep a reply as it was issued; return where.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        path = self.folder / f"{number:03d}-{safe_name(name)}"
        self._write(path, content)
        return path

    def evidence_path(self, number: int, name: str, digest: str) -> Path:
        """Return where a file that came with an objection is kept."""
        return self._find(number, _evidence_name(name, digest))

    def find_altered(
        self, number: int, identity: str, evidence: Sequence[tuple[str, str]]
    ) -> Iterator[str]:
        """Yield, in Chinese, which files of an objection are missing or altered."""
        paths = [
            (name, digest, self.evidence_path(number, name, digest)) for name, digest in evidence
        ]
        if identity:
            paths.append(("署名", identity, self._identity_path(number, identity)))
        for name, digest, path in paths:
            if not path.is_file():
                yield f"第{number}号异议：{name}不见了"
            elif sha256_file(path) != digest:
                yield f"第{number}号异议：{name}有改动"

    def _identity_path(self, number: int, digest: str) -> Path:
        return self._find(number, _identity_name(digest))

    def _find(self, number: int, name: str) -> Path:
        """Return where a file is; earlier versions put the number of the objection before it."""
        earlier = self.folder / f"{number:03d}-{name}"
        return earlier if earlier.is_file() else self.folder / name

    def _write(self, path: Path, content: bytes) -> None:
        make_private_folder(self.folder)
        atomic_write(path, content, private=True)


def _evidence_name(name: str, digest: str) -> str:
    return f"{digest[:12]}-{safe_name(name)}"


def _identity_name(digest: str) -> str:
    return f"{digest[:12]}-identity.json"
