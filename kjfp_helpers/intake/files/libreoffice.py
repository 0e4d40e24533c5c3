"""Convert .doc, .rtf and .odt files to .docx with LibreOffice, in batches.

A temporary profile isolates LibreOffice from the user's profile and from the network. When it
hangs on a file, the process group is killed and the batch continues without that file.
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
    LIBREOFFICE_WAITING_SECONDS,
    MAX_OFFICE_FILE_BYTES,
)

INSTALL_ADVICE = (
    "安装 LibreOffice（apt-get install libreoffice-writer）后重新收件，或请人工另存为 .docx"
)
"""Advice where LibreOffice is not installed."""

BATCH_SIZE = 12
"""Files per batch; starting LibreOffice takes about a second."""

_PROFILE_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_PROFILE_ITEM = """<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">\
<value>{value}</value></prop></item>"""
_SAFE_SETTINGS = (
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
    """Return the path of LibreOffice, ``None`` where it is not installed."""
    if os.name != "posix":  # without process groups a hanging LibreOffice cannot be killed
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert_to_docx(sources: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Convert files to .docx; files that cannot be converted are missing in the result.

    Parameters
    ----------
    sources : Mapping
        Any key to the file; its extension must fit its format.
    folder : Path
        An empty scratch folder; the caller removes it.

    Returns
    -------
    dict
        Key to the .docx file, checked to exist and to be a zip file.
    """
    soffice = find_libreoffice()
    if soffice is None or not sources:
        return {}
    input_folder, output_folder = folder / "in", folder / "out"
    for subfolder in (input_folder, output_folder, folder / "profile" / "user"):
        subfolder.mkdir(parents=True, exist_ok=True)
    items = "\n".join(_PROFILE_ITEM.format(path=p, name=n, value=v) for p, n, v in _SAFE_SETTINGS)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(
        _PROFILE_TEMPLATE.format(items=items), "utf-8"
    )
    names: dict[str, str] = {}
    for number, (key, path) in enumerate(sources.items(), start=1):
        if path.stat().st_size <= MAX_OFFICE_FILE_BYTES:
            names[f"{number:05d}{path.suffix.lower()}"] = key
            shutil.copyfile(path, input_folder / f"{number:05d}{path.suffix.lower()}")
    _convert_batch(soffice, folder, list(names))
    converted = ((key, output_folder / f"{Path(name).stem}.docx") for name, key in names.items())
    return {key: path for key, path in converted if _is_zip(path)}


class ConversionQueue:
    """Converts files in the background, a batch for each ``BATCH_SIZE`` of them.

    ``folder`` contains the files under the names passed to :meth:`add`, and the scratch folders.
    """

    def __init__(self, folder: Path, jobs: int) -> None:
        self._folder, self._pool = folder, ThreadPoolExecutor(max_workers=jobs)
        self._queued: list[str] = []
        self._batches: list[Future[dict[str, Path]]] = []

    def __enter__(self) -> "ConversionQueue":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, names: Iterable[str]) -> None:
        """Queue files; a complete batch starts at once."""
        self._queued += names
        if len(self._queued) >= BATCH_SIZE:
            self._start_batch()

    def finish(self) -> dict[str, Path]:
        """Wait for all batches and return the converted files by source name."""
        if self._queued:
            self._start_batch()
        return {name: docx for batch in self._batches for name, docx in batch.result().items()}

    def _start_batch(self) -> None:
        sources = {name: self._folder / name for name in self._queued}
        scratch_folder = self._folder / f"batch{len(self._batches)}"
        self._batches.append(self._pool.submit(convert_to_docx, sources, scratch_folder))
        self._queued = []


def _convert_batch(soffice: str, folder: Path, names: list[str]) -> None:
    """Run the batch; where it stops part-way, skip the file it stopped at and continue.

    What one file costs may be counted with another: skipped files are tried once more, each alone.
    """
    deadline = time.monotonic() + LIBREOFFICE_RUN_SECONDS
    remaining, stopped = names, list[str]()
    while remaining and time.monotonic() < deadline:
        run_libreoffice(soffice, folder, remaining)
        unconverted = [
            name for name in remaining if not (folder / "out" / _output_name(name)).exists()
        ]
        stopped += unconverted[:1]
        remaining = unconverted[1:]
    for name in stopped if len(names) > 1 else ():
        if time.monotonic() < deadline:
            run_libreoffice(soffice, folder, [name])


def _output_name(name: str) -> str:
    return f"{Path(name).stem}.docx"


def run_libreoffice(soffice: str, folder: Path, names: list[str]) -> None:
    """Run LibreOffice until it ends, stalls at one file, or exceeds the memory limit."""
    process = subprocess.Popen(
        _conversion_command(soffice, folder, names),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(folder),
    )
    try:
        converted_count = -1
        last_progress, cpu_at_progress = time.monotonic(), 0.0
        while process.poll() is None:
            count = sum(1 for _ in (folder / "out").iterdir())
            memory, cpu = _group_usage(process.pid)
            if count != converted_count:
                converted_count = count
                last_progress, cpu_at_progress = time.monotonic(), cpu
            is_stalled = (
                cpu - cpu_at_progress > LIBREOFFICE_FILE_SECONDS
                or time.monotonic() - last_progress > LIBREOFFICE_WAITING_SECONDS
            )
            if is_stalled or memory > LIBREOFFICE_MEMORY_BYTES:
                break
            time.sleep(0.05)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _conversion_command(soffice: str, folder: Path, names: list[str]) -> list[str]:
    """Return the command line that converts files of ``in`` to .docx files in ``out``."""
    profile = (folder / "profile").resolve().as_uri()
    return [
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
    ]


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without proxies, home folder and display of the user."""
    inherited = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ
    }
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    return (
        inherited
        | proxies
        | {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    )


def _group_usage(group: int) -> tuple[int, float]:
    """Return resident memory and CPU seconds of a process group, 0 where they cannot be read."""
    usages = [_process_usage(path, group) for path in Path("/proc").glob("[0-9]*")]
    return sum(memory for memory, _ in usages), sum(cpu for _, cpu in usages)


def _process_usage(path: Path, group: int) -> tuple[int, float]:
    try:
        if os.getpgid(int(path.name)) != group:
            return 0, 0.0
        pages = int((path / "statm").read_text().split()[1])
        times = (path / "stat").read_text().rpartition(")")[2].split()[11:13]  # utime and stime
        cpu = sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        return pages * os.sysconf("SC_PAGE_SIZE"), cpu
    except (OSError, ValueError, IndexError):
        return 0, 0.0


def _is_zip(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > MAX_OFFICE_FILE_BYTES:
        return False
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\3\4"
