"""What arrived, below a round's own folder: what was read of it, and copies of the files.

Both hold identity and phone numbers. The folder is the owner's alone when it is made (0700, files
0600); modes that the office opens by hand, for members under other accounts, stay as they are.
"""

import shutil
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import make_private, writing
from kjfp_helpers.intake.files.material_store import MATERIALS_FOLDER

RECEIVED_FOLDER, INTAKE_FILE = "received", "intake.json"
"""The folder below the round's, and the file of what was read."""


class ReceivedFolder:
    """The folder that holds what arrived in a round, see :meth:`below`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = self.folder / INTAKE_FILE
        self.materials = self.folder / MATERIALS_FOLDER

    @classmethod
    def for_round(cls, round_folder: Path) -> "ReceivedFolder":
        """Return the folder ``received`` below that of the rule files."""
        return cls(round_folder / RECEIVED_FOLDER)

    def create(self) -> None:
        """Make the folder where there is none.

        Raises
        ------
        OutputError
            When it cannot be made.
        """
        make_private(self.folder)

    def exists(self) -> bool:
        """Tell whether anything was read yet.

        Raises
        ------
        OutputError
            When this account may not look into the folder.
        """
        try:
            self.file.stat()
            return True
        except PermissionError as error:
            raise OutputError(
                f"收件结果 {Path(*self.folder.parts[-2:])}",
                expected="本账号可以读取",
                found="没有读取权限",
                advice="由秘书的账号打开；评委各用自己的系统账号的，请秘书对同组开放这个文件夹",
            ) from error
        except (FileNotFoundError, NotADirectoryError):
            return False

    def find_stored(self, stored: str) -> Path | None:
        """Return the copy that ``File.stored`` names; None where it is gone or leads outside."""
        path = (self.folder / stored).resolve()
        inside = path.is_relative_to(self.folder.resolve() / MATERIALS_FOLDER)
        return path if inside and path.is_file() else None

    def migrate_from(self, earlier: "ReceivedFolder") -> None:
        """Move here what an earlier version left among the papers, which may be handed on.

        Raises
        ------
        OutputError
            When it cannot be moved.
        """
        if not earlier.exists():
            return
        with writing(self.folder):
            if self.exists():  # read anew since: the earlier copies say nothing more
                shutil.rmtree(earlier.materials, ignore_errors=True)
                earlier.file.unlink()
                return
            self.create()
            if earlier.materials.is_dir():
                shutil.move(earlier.materials, self.materials)
                make_owner_only(self.materials)
            shutil.move(earlier.file, self.file)
            make_owner_only(self.file)


def make_owner_only(place: Path) -> None:
    """Leave a file, or a folder and all in it, to the owner alone."""
    for path in (place, *place.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
