"""Folders that are dear to make: made once for all worker processes of a test run, then copied."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from kjfp_helpers import rehearsal
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.infra.code_version import build_fingerprint
from kjfp_helpers.rules import RULE_FILES

REHEARSAL_UNITS = 36
"""The fewest units among which every planted fault, every act and a full list find their place."""


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder; whoever comes first makes it, the others wait.

    A file beside it says that it is whole: what was killed half-way is made again.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    whole = folder.with_name(f"{folder.name}.whole")
    with FileLock(f"{folder}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            whole.touch()
    return folder


def rehearsal_round(cache: Path, units: int = REHEARSAL_UNITS) -> Path:
    """Return a rehearsal round that was made by this state of the code, perhaps by an earlier run.

    What other states of the code have left in the cache folder is deleted.
    """
    key = hashlib.sha256(build_fingerprint().encode())
    for name in RULE_FILES:
        key.update((DEFAULT_RULES / name).read_bytes())
    state = key.hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "cleaning.lock"):
        for path in cache.iterdir():
            if path.is_dir() and path.name != state:
                shutil.rmtree(path)
    return made_once(
        cache / state / f"{units}", lambda folder: rehearsal.write_rehearsal(folder, units=units)
    )


class PlayedRound(NamedTuple):
    """A round's folder, that of its outputs, and what the last command said."""

    folder: Path
    outputs: Path
    said: Path


def played_round(root: Path) -> PlayedRound:
    """Return where a round stands that is made once."""
    return PlayedRound(root / "rehearsal", root / "outputs", root / "said.txt")


def run_once(root: Path, command: str) -> None:
    """Run a command on a round that is being made."""
    from kjfp_helpers.cli import main

    made = played_round(root)
    with made.said.open("w", encoding="utf-8") as said, redirect_stdout(said):
        assert main([command, str(made.folder), "--outputs", str(made.outputs)]) == 0
