"""Mutation fuzzing of intake: files of every format with random damage, read as received.

    .venv/bin/python tests/fuzz/fuzz_intake.py          # KJFP_FUZZ_SECONDS (60, of CPU), KJFP_FUZZ_SEED (0)
    .venv/bin/python tests/fuzz/fuzz_intake.py 12345    # the input of this seed alone, with its error

Each input has a seed, from which its file and its damage follow. An unhandled error, an input over
10 CPU seconds or over 500 MB is printed with its seed, its file kept beside, and the run fails. CPU
seconds are those of the process that reads and of its own: a busy machine is no fault.
"""

import contextlib
import hashlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import psutil
from mutations import damaged
from seed_files import seed_files

from kjfp_helpers.intake.common.sandbox import close_sandbox
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
from kjfp_helpers.rules import Round
from support.forms.sample_files import the_round

MAX_SECONDS, MAX_BYTES = 10.0, 500_000_000
HANG_CPU_SECONDS, HANG_SECONDS = 90.0, 900.0
"""After which a process that reads is ended: CPU seconds, and seconds however busy the machine."""
CONVERTED = ("doc", "rtf", "odt")
BATCH = 8
"""Files for LibreOffice that one input has: starting it costs more than a file."""
CONVERTED_SHARE = 0.01

Files = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Outcome:
    """How one input was read: its error, ``""`` for none, CPU seconds a file and peak memory in bytes."""

    extension: str
    error: str
    seconds: float
    peak: int

    @property
    def fault(self) -> str:
        """What is wrong with it, ``""`` for nothing."""
        if self.error:
            return self.error
        if self.seconds > MAX_SECONDS:
            return f"took {self.seconds:.1f} CPU s"
        return f"took {self.peak / 1e6:.0f} MB" if self.peak > MAX_BYTES else ""


def damaged_files(originals: Files, seed: int) -> Files:
    """The input of a seed: one file, or a batch of those that LibreOffice converts."""
    dice = random.Random(seed)
    is_converted = dice.random() < CONVERTED_SHARE
    by_extension: dict[str, Files] = {}
    for name, data in originals:
        extension = name.rpartition(".")[2]
        if (extension in CONVERTED) == is_converted:
            by_extension.setdefault(extension, []).append((name, data))
    if not by_extension:
        return damaged_files(originals, seed + 1_000_000_007)
    files = by_extension[dice.choice(sorted(by_extension))]
    chosen = [dice.choice(files) for _ in range(BATCH if is_converted else 1)]
    return [
        (f"{number}{name}", damaged(data, name.rpartition(".")[2], dice))
        for number, (name, data) in enumerate(chosen)
    ]


def read_as_received(round: Round, files: Files) -> None:
    """Read files as those of an inbox are read; an error of the package's own is raised."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=RuntimeWarning, message="读取来件时程序出错")
        store = MaterialStore(Path(name) / "materials")
        imports = [_begin(round, store, number, *file) for number, file in enumerate(files, 1)]
        pending = [copy for one in imports for copy in one.pending_conversions]
        converted = {}
        if pending:
            with store.scratch_dir() as scratch:
                paths = {copy: store.pending_path(copy) for copy in pending}
                converted = convert_to_docx(paths, scratch)
                for one in imports:
                    one.apply_conversions(converted)
        for one in imports:
            one.finish_reading()


def _begin(
    round: Round, store: MaterialStore, number: int, name: str, data: bytes
) -> MessageImport:
    digest = hashlib.sha256(data).hexdigest()
    reading = MessageImport(
        round, SenderMatcher(round.units), store, MessageRef(number, name, digest)
    )
    if name.endswith(".eml"):
        reading.import_message(data)
    else:
        reading.import_file(name, data)
    return reading


def _serve(pipe: Connection, originals: Files) -> None:
    """Read the inputs whose seeds come through the pipe."""
    round = the_round()
    while (seed := pipe.recv()) is not None:
        files = damaged_files(originals, seed)
        start, error = _cpu_seconds(os.getpid()), ""
        _forget_peak()
        try:
            read_as_received(round, files)
        except Exception:
            error = traceback.format_exc()
        extension = files[0][0].rpartition(".")[2]
        seconds = (_cpu_seconds(os.getpid()) - start) / len(files)
        pipe.send(Outcome(extension, error, seconds, _peak()))
    close_sandbox()


def _cpu_seconds(pid: int) -> float:
    """CPU seconds of a process and of those that it started, also of the ended ones."""
    spent = 0.0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                times = one.cpu_times()
                spent += times.user + times.system + times.children_user + times.children_system
    return spent


def _forget_peak() -> None:
    if os.path.exists("/proc/self/clear_refs"):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """Peak resident memory since :func:`_forget_peak` in bytes, 0 where the system tells none."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


class Reader:
    """A process that reads inputs; started anew when one kills it or hangs."""

    def __init__(self, originals: Files) -> None:
        self._originals, self.spent = originals, 0.0
        self._start()

    def _start(self) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(other, self._originals))
        self._process.start()
        other.close()

    def read(self, seed: int) -> Outcome:
        """Read the input of a seed."""
        self._pipe.send(seed)
        pid = self._process.pid or 0
        begun, cpu = time.monotonic(), _cpu_seconds(pid)
        error = "no answer"
        try:
            while time.monotonic() - begun < HANG_SECONDS:
                if self._pipe.poll(5):
                    outcome: Outcome = self._pipe.recv()
                    self.spent += _cpu_seconds(pid) - cpu
                    return outcome
                if _cpu_seconds(pid) - cpu > HANG_CPU_SECONDS:
                    break
        except (EOFError, ConnectionError):
            error = "the process died"
        spent = _cpu_seconds(pid) - cpu
        self.spent += spent
        self._process.kill()
        self._process.join()
        self._start()
        return Outcome("?", f"{error} after {spent:.0f} CPU s", spent, 0)

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()


def read_twice(reader: Reader, seed: int) -> Outcome:
    """Read an input, and again where only its cost was wrong: the first one loads the libraries."""
    outcome = reader.read(seed)
    return reader.read(seed) if outcome.fault.startswith("took") else outcome


def main(arguments: list[str]) -> int:
    """Read damaged files until the time is over, or those of the seeds given."""
    seconds = float(os.environ.get("KJFP_FUZZ_SECONDS", "60"))
    seed = first = int(os.environ.get("KJFP_FUZZ_SEED", "0"))
    kept = Path(os.environ.get("KJFP_FUZZ_KEEP", tempfile.gettempdir()))
    warnings.simplefilter("ignore")
    originals = seed_files()
    reader = Reader(originals)
    counts: Counter[str] = Counter()
    faults: dict[str, int] = {}
    seeds = [int(argument) for argument in arguments]
    while seeds or (not arguments and reader.spent < seconds):
        current = seeds.pop() if seeds else seed
        outcome = read_twice(reader, current)
        counts[outcome.extension] += 1
        # One error is told once: the last lines say where it was raised.
        if outcome.fault and outcome.fault[-300:] not in faults:
            faults[outcome.fault[-300:]] = current
            print(f"seed {current}: {outcome.fault}")
            for name, data in damaged_files(originals, current):
                path = kept / f"fuzz-{current}-{name}"
                path.write_bytes(data)
                print(f"  {path}", flush=True)
        seed += 0 if arguments else 1
    reader.close()
    told = ", ".join(f"{count} {extension}" for extension, count in sorted(counts.items()))
    print(f"{sum(counts.values())} inputs from seed {first} on: {told}; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
