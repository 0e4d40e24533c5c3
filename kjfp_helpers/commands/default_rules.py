"""Create the round of 2020 from the rule files that the package carries."""

import shutil
from pathlib import Path

from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.rules import default_rules_folder, round_folder


def create_default_round(name: str) -> Path | None:
    """Copy the default rule files into a round's folder, where that does not exist; add an inbox.

    Only the round that the default files are of is created, at once with all files; an existing
    folder is left as it is.

    Parameters
    ----------
    name : str
        The round as named on the command line.

    Returns
    -------
    Path or None
        The folder, ``None`` where nothing was copied.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    source, target = default_rules_folder(), round_folder(name)
    if name != source.name or target.exists():
        return None
    draft = target.with_name(f".{target.name}.part")
    try:
        with output_errors(target):
            shutil.rmtree(draft, ignore_errors=True)
            (draft / "inbox").mkdir(parents=True)
            for path in sorted(source.glob("*.*")):
                if path.suffix in (".csv", ".toml"):
                    shutil.copyfile(path, draft / path.name)
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target
