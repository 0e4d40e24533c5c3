"""Readings of earlier runs, kept beside the materials: only new mail is read.

An entry is named by everything that its reading depends on: the message, its place and number, the
rules, the code, and the programs that are installed. One that is missing, damaged, of another
version or without its copies is as good as none.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import make_private_folder, output_errors
from kjfp_helpers.infra.cache import read_verified, write_verified
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts
from kjfp_helpers.intake.files.tool_versions import installed_tools, tool_versions_of
from kjfp_helpers.intake.message_reading import MessageReading, MessageRef
from kjfp_helpers.intake.serialization import dump_reading, load_reading
from kjfp_helpers.rules import Round

READING_RULES = ("notice.toml", "units.csv")
"""Rule files on which the reading of a message depends."""


class KeptReadings:
    """The readings that are kept in a folder.

    ``read_anew`` counts the messages of which none was kept; ``tools`` are the programs that the
    files of all messages need, ``copies`` the copies of all, by path below the received folder to
    SHA-256.

    Parameters
    ----------
    folder : Path
        Used for nothing else; created for the owner only.
    round : Round
        The rules that messages are read by.
    """

    def __init__(self, folder: Path, round: Round) -> None:
        self._folder = folder
        self._versions = (
            build_fingerprint(),
            *(round.files.get(name, "") for name in READING_RULES),
            *installed_tools(),
        )
        self._used: set[Path] = set()
        self.read_anew = 0
        self.tools: frozenset[str] = frozenset()
        self.copies: Mapping[str, str] = {}

    def find(self, ref: MessageRef) -> MessageReading | None:
        """Return what was read of a message, ``None`` where it must be read."""
        content = read_verified(self._path(ref))
        if content is None:
            return None
        try:
            reading = load_reading(json.loads(content))
        except (ValueError, KeyError, TypeError):
            return None
        if reading.ref != ref or tool_versions_of(reading.tools) != reading.tools:
            return None
        return reading

    def keep(self, reading: MessageReading) -> None:
        """Keep what was read just now, in whichever process; it holds once its copies stand.

        What cannot be written is read again next time.
        """
        # mail may contain lone surrogates
        with suppress(OutputError, UnicodeEncodeError):
            make_private_folder(self._folder)
            text = json.dumps(dump_reading(reading), ensure_ascii=False)
            write_verified(self._path(reading.ref), text.encode(), private=True)

    def remove_unused(self) -> None:
        """Remove what belongs to none of the messages that were looked for."""
        with suppress(OutputError), output_errors(self._folder):
            for path in self._folder.iterdir() if self._folder.is_dir() else ():
                if path not in self._used:
                    path.unlink()

    def _path(self, ref: MessageRef) -> Path:
        key = hash_texts([*self._versions, str(ref.receipt), ref.path, ref.sha256])
        path = self._folder / f"{key}.json"
        self._used.add(path)
        return path
