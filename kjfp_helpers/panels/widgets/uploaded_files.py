"""Files that were chosen on a screen, written where a command reads them."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any


def store_uploads(files: Iterable[Any], folder: Path, *, apart: bool = False) -> list[Path]:
    """Write what an upload control holds under plain names; return the paths.

    Parameters
    ----------
    files : iterable
        Value of an ``ipywidgets.FileUpload``: each has a ``name`` and a ``content``.
    folder : Path
        An empty folder.
    apart : bool
        Whether each file gets a folder of its own, so that two of one name are both kept.
    """
    paths = []
    for number, one in enumerate(files, start=1):
        place = folder / str(number) if apart else folder
        place.mkdir(exist_ok=True)
        path = place / _plain_name(one.name)
        path.write_bytes(bytes(one.content))
        paths.append(path)
    return paths


def _plain_name(name: str) -> str:
    r"""Return the last part of a name, whatever a browser calls the file.

    >>> _plain_name("C:\\评分表\\M01.xlsx"), _plain_name("../..")
    ('M01.xlsx', '无名文件')
    """
    last = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    return last if last.strip(".") else "无名文件"
