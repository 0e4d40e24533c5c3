"""Old and foreign word-processor files to .docx, through LibreOffice in batches.

A private profile keeps it from the user's own and from the network; a file that hangs it is
killed with everything it started, and the batch goes on without that file.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kjfp_helpers.intake.common.resource_limits import (
    LIBREOFFICE_FILE_SECONDS,
    LIBREOFFICE_MEMORY_BYTES,
    LIBREOFFICE_RUN_SECONDS,
    MAX_OFFICE_FILE_BYTES,
)

INSTALL_ADVICE = (
    "安装 LibreOffice（apt-get install libreoffice-writer）后重新收件，或请人工另存为 .docx"
)
"""What to do where it is not installed."""

BATCH_SIZE = 12
"""Files for which starting LibreOffice is worth its second."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = """<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">\
<value>{value}</value></prop></item>"""
_SAFE = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)


def find_libreoffice() -> str | None:
    """Return where LibreOffice is, ``None`` where it is not installed."""
    if os.name != "posix":  # a process group that can be killed is what keeps this safe
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert_to_docx(sources: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Convert files to .docx; what is not in the result could not be converted.

    Parameters
    ----------
    sources : Mapping
        Any key to the file; its ending must tell its format.
    folder : Path
        An empty folder for the work; the caller removes it.

    Returns
    -------
    dict
        Key to the .docx, checked to be there and to be a zip file.
    """
    soffice = find_libreoffice()
    if soffice is None or not sources:
        return {}
    inside, outside = folder / "in", folder / "out"
    for place in (inside, outside, folder / "profile" / "user"):
        place.mkdir(parents=True, exist_ok=True)
    items = "\n".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _SAFE)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(
        _SETTINGS.format(items=items), "utf-8"
    )
    names: dict[str, str] = {}
    for number, (key, path) in enumerate(sources.items(), start=1):
        if path.stat().st_size <= MAX_OFFICE_FILE_BYTES:
            names[f"{number:05d}{path.suffix.lower()}"] = key
            shutil.copyfile(path, inside / f"{number:05d}{path.suffix.lower()}")
    _run_all(soffice, folder, list(names))
    made = ((key, outside / f"{Path(name).stem}.docx") for name, key in names.items())
    return {key: path for key, path in made if _is_zip(path)}


class ConversionQueue:
    """Converts files while others are still being read, a batch for each ``BATCH_SIZE`` of them.

    ``folder`` holds the files by the names that :meth:`add` is given, and the work.
    """

    def __init__(self, folder: Path, jobs: int) -> None:
        self._folder, self._pool = folder, ThreadPoolExecutor(max_workers=jobs)
        self._waiting: list[str] = []
        self._batches: list[Future[dict[str, Path]]] = []

    def __enter__(self) -> "ConversionQueue":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, names: Iterable[str]) -> None:
        """Take files; a whole batch begins at once."""
        self._waiting += names
        if len(self._waiting) >= BATCH_SIZE:
            self._begin()

    def finish(self) -> dict[str, Path]:
        """Return what could be made of all files, by their names."""
        if self._waiting:
            self._begin()
        return {name: made for batch in self._batches for name, made in batch.result().items()}

    def _begin(self) -> None:
        sources = {name: self._folder / name for name in self._waiting}
        work = self._folder / f"batch{len(self._batches)}"
        self._batches.append(self._pool.submit(convert_to_docx, sources, work))
        self._waiting = []


def _run_all(soffice: str, folder: Path, names: list[str]) -> None:
    """Run the batch; where it stops part-way, leave out the file it stopped at and go on.

    A busy machine can stop it at a sound file: those left out get a second chance, each alone.
    """
    end = time.monotonic() + LIBREOFFICE_RUN_SECONDS
    waiting, stopped = names, list[str]()
    while waiting and time.monotonic() < end:
        _run(soffice, folder, waiting)
        undone = [name for name in waiting if not (folder / "out" / _made(name)).exists()]
        stopped += undone[:1]
        waiting = undone[1:]
    for name in stopped if len(names) > 1 else ():
        if time.monotonic() < end:
            _run(soffice, folder, [name])


def _made(name: str) -> str:
    return f"{Path(name).stem}.docx"


def _run(soffice: str, folder: Path, names: list[str]) -> None:
    """Run LibreOffice until it ends, or stalls at one file, or fills the memory."""
    profile = (folder / "profile").resolve().as_uri()
    process = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nologo",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(folder / "out"),
            *(str(folder / "in" / name) for name in names),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(folder),
    )
    try:
        done, moved = -1, time.monotonic()
        while process.poll() is None:
            now = sum(1 for _ in (folder / "out").iterdir())
            if now != done:
                done, moved = now, time.monotonic()
            if (
                time.monotonic() - moved > LIBREOFFICE_FILE_SECONDS
                or _resident(process.pid) > LIBREOFFICE_MEMORY_BYTES
            ):
                break
            time.sleep(0.05)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    dead = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    return kept | dead | {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _resident(group: int) -> int:
    """Return the memory in use by a process group, 0 where the system does not tell."""
    return sum(_memory(path, group) for path in Path("/proc").glob("[0-9]*"))


def _memory(path: Path, group: int) -> int:
    try:
        if os.getpgid(int(path.name)) != group:
            return 0
        return int((path / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _is_zip(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > MAX_OFFICE_FILE_BYTES:
        return False
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\3\4"
