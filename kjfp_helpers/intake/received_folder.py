"""The folder of received material in a round: the intake result and copies of the files.

Both contain identity and phone numbers. The folder is created for the owner only (0700, files
0600); modes that the office opens by hand, for members with other accounts, are kept.
"""

import shutil
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import files_below, make_private_folder, output_errors

RECEIVED_FOLDER, INTAKE_FILE = "received", "intake.json"
"""Name of the folder below the round's folder, and of the intake result in it."""
MATERIALS_FOLDER = "materials"
"""Name of the folder of copies of the received files."""
COLUMN_COPIES = "column"
"""Name of the folder of copies of the pictures of news and profiles, and of converted texts."""
READINGS_FOLDER = "readings"
"""Name of the folder of what was read of each message, kept for the next run."""


class ReceivedFolder:
    """The folder of the material received in a round."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = self.folder / INTAKE_FILE
        self.materials = self.folder / MATERIALS_FOLDER
        self.readings = self.folder / READINGS_FOLDER

    @classmethod
    def for_round(cls, round_folder: Path) -> "ReceivedFolder":
        """Return the folder ``received`` below the folder of the rule files."""
        return cls(round_folder / RECEIVED_FOLDER)

    def create(self) -> None:
        """Create the folder if it does not exist.

        Raises
        ------
        OutputError
            When the folder cannot be created.
        """
        make_private_folder(self.folder)

    def exists(self) -> bool:
        """Return whether an intake result exists.

        Raises
        ------
        OutputError
            When this account may not read the folder.
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
        """Return the copy named by ``File.stored``, ``None`` if missing or outside the folder."""
        path = (self.folder / stored).resolve()
        root = self.folder.resolve()
        is_inside = any(
            path.is_relative_to(root / name) for name in (MATERIALS_FOLDER, COLUMN_COPIES)
        )
        return path if is_inside and path.is_file() else None

    def list_copies(self) -> list[str]:
        """Return the paths of all copies below the folder, in order."""
        return sorted(f"{MATERIALS_FOLDER}/{name}" for name in files_below(self.materials))

    def list_sizes(self) -> list[str]:
        """Return the path of every copy with its size, in order; no copy is read."""
        return [f"{name} {(self.folder / name).lstat().st_size}" for name in self.list_copies()]

    def migrate_from(self, earlier: "ReceivedFolder") -> None:
        """Move the intake result of an earlier version here, out of the outputs that are handed on.

        Raises
        ------
        OutputError
            When the files cannot be moved.
        """
        if not earlier.exists():
            return
        with output_errors(self.folder):
            if self.exists():  # read again since: the earlier copies are obsolete
                shutil.rmtree(earlier.materials, ignore_errors=True)
                earlier.file.unlink()
                return
            self.create()
            if earlier.materials.is_dir():
                shutil.move(earlier.materials, self.materials)
                make_owner_only(self.materials)
            shutil.move(earlier.file, self.file)
            make_owner_only(self.file)


def make_owner_only(root: Path) -> None:
    """Restrict a file, or a folder with all its contents, to the owner."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
