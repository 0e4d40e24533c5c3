"""Small copies of exhibition pictures for reports, each made once and kept by its content."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.atomic_files import output_errors

EDGE = 168
"""Longest edge of a thumbnail, pixels."""
MAX_SHOWN = 8
"""Pictures of a unit that a report shows."""


class Thumbnails:
    """Thumbnails of received pictures, in a folder of the reports.

    Parameters
    ----------
    received : Path
        Folder of the received material, below which the pictures' copies stand.
    folder : Path
        Where the thumbnails are kept, named by the hash of their picture.
    """

    def __init__(self, received: Path, folder: Path) -> None:
        self._received, self._folder = received, folder

    def prepare(self, pictures: Iterable[Mapping[str, Any]]) -> None:
        """Make the thumbnails that are not there yet; a picture that cannot be read has none.

        Parameters
        ----------
        pictures : iterable of mapping
            ``sha256`` and ``stored`` of each, ``stored`` below the folder of received material.
        """
        missing = {
            self._path(picture): self._received / picture["stored"]
            for picture in pictures
            if picture["stored"] and not self._path(picture).exists()
        }
        if not missing:
            return
        from kjfp_helpers.reports.exhibition_site.web_images import shrink_picture

        with output_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            for target, source in missing.items():
                # what cannot be read leaves an empty file, so that it is not tried again
                target.write_bytes(shrink_picture(source, EDGE))

    def read(self, picture: Mapping[str, Any]) -> str:
        """Return a thumbnail as base64, ``""`` where there is none."""
        try:
            return base64.b64encode(self._path(picture).read_bytes()).decode()
        except OSError:
            return ""

    def drop_others(self, pictures: Iterable[Mapping[str, Any]]) -> None:
        """Remove the thumbnails of pictures that no report shows any more."""
        kept = {self._path(picture).name for picture in pictures}
        for path in self._folder.glob("*.jpg"):
            if path.name not in kept:
                path.unlink()

    def _path(self, picture: Mapping[str, Any]) -> Path:
        name = hashlib.sha256(picture["sha256"].encode()).hexdigest()[:32]
        return self._folder / f"{name}.jpg"
