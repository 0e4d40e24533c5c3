"""Output ownership: which round an output folder belongs to, by a file in it."""

from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.rules import Round

OWNER = ".kjfp-round"
"""File in an output folder with the name of its round."""


def claim_output_folder(folder: Path, round: Round, *, write: bool = True) -> None:
    """Create the output folder and mark it as this round's, which alone may replace files in it.

    Without ``write`` it is only checked.

    Raises
    ------
    OutputError
        When it cannot be created, lies in the inbox, or contains another round's or other files.
    """
    location, owner_file = f"输出文件夹 {Path(*folder.parts[-2:])}", folder / OWNER
    if round.inbox in (folder.resolve(), *folder.resolve().parents):
        raise OutputError(
            location,
            expected="收件文件夹以外的位置",
            found="在收件文件夹之内",
            advice="用 --outputs 另指文件夹",
        )
    if not write and not folder.exists():
        return
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if owner_file.exists():
            owner = owner_file.read_text("utf-8", errors="replace").strip()
        else:
            has_other_files = any(not path.name.startswith(".") for path in folder.iterdir())
            owner = "" if has_other_files else round.name
            if owner and write:
                owner_file.write_text(f"{owner}\n", "utf-8")
    if owner != round.name:
        found = f"属于轮次“{owner}”" if owner else "已有别的文件"
        raise OutputError(
            location,
            expected=f"空文件夹或轮次“{round.name}”的输出",
            found=found,
            advice="用 --outputs 另指文件夹，或将其中的文件移走",
        )
