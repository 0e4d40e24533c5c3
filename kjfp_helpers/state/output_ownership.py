"""Output ownership: which round an output folder belongs to, by a file in it."""

from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.rules import Round

OWNER = ".kjfp-round"
"""File in an output folder that says whose it is."""


def claim_output_folder(folder: Path, round: Round, *, write: bool = True) -> None:
    """Make the output folder this round's own, so that what steps replace there is only theirs.

    Without ``write`` it is only looked at.

    Raises
    ------
    OutputError
        When it cannot be made, lies in the inbox, or holds another round's or anybody's files.
    """
    where, mark = f"输出文件夹 {Path(*folder.parts[-2:])}", folder / OWNER
    if round.inbox in (folder.resolve(), *folder.resolve().parents):
        raise OutputError(
            where,
            expected="收件文件夹以外的位置",
            found="在收件文件夹之内",
            advice="用 --outputs 另指文件夹",
        )
    if not write and not folder.exists():
        return
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            owner = mark.read_text("utf-8", errors="replace").strip()
        else:
            strange = any(not path.name.startswith(".") for path in folder.iterdir())
            owner = "" if strange else round.name
            if owner and write:
                mark.write_text(f"{owner}\n", "utf-8")
    if owner != round.name:
        found = f"属于轮次“{owner}”" if owner else "已有别的文件"
        raise OutputError(
            where,
            expected=f"空文件夹或轮次“{round.name}”的输出",
            found=found,
            advice="用 --outputs 另指文件夹，或将其中的文件移走",
        )
