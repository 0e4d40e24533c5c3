"""Folders that are dear to make: made once for all worker processes of a test run, then copied."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from kjfp_helpers import rehearsal
from kjfp_helpers.infra.code_version import build_fingerprint
from kjfp_helpers.rehearsal import round_builder
from kjfp_helpers.rules import RULE_FILES

REHEARSAL_UNITS = 34
"""The fewest units among which every planted fault and a full list have room."""


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder; whoever comes first makes it, the others wait.

    ``make`` may be killed half-way: it writes beside the folder, which is renamed when whole.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            draft = folder.with_name(f"{folder.name}.part")
            shutil.rmtree(draft, ignore_errors=True)
            make(draft)
            draft.rename(folder)
    return folder


def rehearsal_round(cache: Path) -> Path:
    """Return a rehearsal round that was made by this state of the code, perhaps by an earlier run.

    Rounds of other states of the code are deleted from the cache folder.
    """
    key = hashlib.sha256(f"{REHEARSAL_UNITS} {build_fingerprint()}".encode())
    for name in RULE_FILES:
        key.update((round_builder.SOURCE / name).read_bytes())

    def make(folder: Path) -> None:
        for path in cache.iterdir():
            if path.is_dir() and path != folder:
                shutil.rmtree(path)
        rehearsal.make(folder, units=REHEARSAL_UNITS)

    cache.mkdir(parents=True, exist_ok=True)
    return made_once(cache / key.hexdigest()[:16], make)
