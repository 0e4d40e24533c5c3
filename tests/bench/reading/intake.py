"""How fast intake reads, beside python-docx on the same files in the same run.

    python tests/bench/reading/intake.py [--sizes 100 1000 3000] [--hostile]
    python tests/bench/reading/intake.py --inbox ROUND

Prints files a second over 300 mixed files, the cost of parsing one .docx against reading its cells
with python-docx, time and memory as the number of files grows, and, with ``--hostile``, the slowest
and the largest of the hostile family, each file in a process of its own. With ``--inbox`` only the
inbox of a round is read, in one process: CPU seconds of every part, beside what its bytes cost.
"""

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS))

import docx  # noqa: E402

from kjfp_helpers.infra.atomic_files import sha256_file  # noqa: E402
from kjfp_helpers.intake import file_reader, inbox, list_inbox, message_import  # noqa: E402
from kjfp_helpers.intake.file_reader import read_file_content  # noqa: E402
from kjfp_helpers.intake.files import unpacking  # noqa: E402
from kjfp_helpers.intake.files.file_types import detect_format  # noqa: E402
from kjfp_helpers.intake.files.material_store import MaterialStore  # noqa: E402
from kjfp_helpers.rules import load_round  # noqa: E402
from support.forms.form_family import forms  # noqa: E402
from support.forms.sample_files import archive, book, letter, the_round  # noqa: E402
from support.hostile import hostile_files as hostile  # noqa: E402

MIXED, ROUNDS = 300, 5
PARTS = (
    (inbox, "scan_inbox"),
    (message_import, "read_message"),
    (unpacking, "detect_format"),
    (file_reader, "scan_file"),
    (file_reader, "blocking_findings"),
    (file_reader, "read_image"),
    (file_reader, "read_document"),
    (file_reader, "read_grids"),
    (file_reader, "content_of_document"),
    (file_reader, "content_of_workbook"),
    (message_import.MessageImport, "import_message"),
    (message_import.MessageImport, "finish_reading"),
    (MaterialStore, "add"),
    (MaterialStore, "commit"),
)
"""Parts of reading an inbox: where they are looked up, and their names."""


def family() -> list[bytes]:
    """Return forms as .docx, every trick of the family for both annexes."""
    return [variant.data for seed in (2, 3) for variant in forms(seed)]


def converted(documents: list[bytes], ending: str, folder: Path) -> list[bytes]:
    """Return documents as LibreOffice saves them; none where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return []
    source, target = folder / f"from-{ending}", folder / ending
    source.mkdir()
    for number, data in enumerate(documents):
        (source / f"{number:03d}.docx").write_bytes(data)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            target,
            *sorted(source.iterdir()),
        ],
        check=True,
        capture_output=True,
    )
    return [path.read_bytes() for path in sorted(target.iterdir())]


def mixed(documents: list[bytes], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files in the mixture a mailbox has: of twenty, twelve .docx and eight others."""
    some = documents[:12]
    old = {ending: cycle(converted(some, ending, folder)) for ending in ("doc", "rtf", "pdf")}
    sheet = book(
        [
            ["单位名称", "测试单位"],
            ["指标", "任务目标数", "实际完成数"],
            ["支持建设农技协数（个）", 10, 12],
            ["组织动员专家数（人）", 100, 120],
            ["带动建档立卡贫困户脱贫人数（人）", 1000, 1200],
        ]
    )
    for number, data in enumerate(cycle(documents)):
        place = number % 20
        if place in (3, 13, 17):
            ending = {3: "doc", 13: "rtf", 17: "pdf"}[place]
            yield ending, next(old[ending], data)
        elif place in (5, 9):
            yield "xlsx", sheet
        elif place == 7:
            yield "zip", archive({"材料/推荐表.docx": data})
        elif place in (11, 19):
            yield "eml", letter({"推荐表.docx": data, "盘点表.xlsx": sheet}, number=number)
        else:
            yield "docx", data


def fill(folder: Path, files: Iterator[tuple[str, bytes]], number: int) -> Path:
    """Write files into a new folder."""
    folder.mkdir()
    for serial, (ending, data) in enumerate(islice(files, number)):
        (folder / f"{serial:05d}.{ending}").write_bytes(data)
    return folder


@dataclass(frozen=True)
class Run:
    """What one run of the command took: seconds, the largest process in MB, lines told."""

    wall: float
    cpu: float
    largest: float
    lines: int


LAUNCH = """
import resource, subprocess, sys, time
begin = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)
"""
"""A small process between: a child's peak begins at the size of the process that forks it."""


def extract(path: Path) -> Run:
    """Run the command on a file or a folder."""
    command = [sys.executable, "-m", "kjfp_helpers.cli", "extract", "--json", path]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command], cwd=TESTS.parent, capture_output=True, check=True
    )
    lines = sum(bool(json.loads(line)) for line in done.stdout.splitlines())
    wall, cpu, largest = map(float, done.stderr.decode().split()[-3:])
    return Run(wall, cpu, largest, lines)


def ours(documents: list[bytes]) -> None:
    """Parse each document as intake does: values, findings, places."""
    notice = the_round().notice
    for data in documents:
        kind, package = detect_format(data, "a.docx")
        read_file_content(kind, package, data, "a.docx", archived=False, notice=notice)


def plain(documents: list[bytes]) -> None:
    """Read every cell's words with python-docx and nothing else."""
    for data in documents:
        for table in docx.Document(io.BytesIO(data)).tables:
            for row in table.rows:
                try:
                    _ = [cell.text for cell in row.cells]
                except (ValueError, IndexError):
                    continue  # it cannot read every row that people make


def timed(work: Callable[[], None]) -> float:
    """Return the CPU seconds of a call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def parsing(documents: list[bytes]) -> None:
    """Print what parsing costs against python-docx, both in this process by turns."""
    pairs = [
        (timed(lambda: ours(documents)), timed(lambda: plain(documents))) for _ in range(ROUNDS)
    ]
    each = [
        statistics.median(column) / len(documents) * 1000 for column in zip(*pairs, strict=True)
    ]
    ratio = statistics.median(own / other for own, other in pairs)
    print(
        f"parsing a .docx, CPU: intake {each[0]:.2f} ms, python-docx cells {each[1]:.2f} ms, "
        f"ratio {ratio:.2f} (median of {ROUNDS} rounds, {len(documents)} forms)"
    )


def throughput(documents: list[bytes], folder: Path) -> None:
    """Print files a second of the whole command, and of python-docx on those it can open."""
    place = fill(folder / "mixed", mixed(documents, folder), MIXED)
    words = [path.read_bytes() for path in sorted(place.glob("*.docx"))]
    runs = [extract(place) for _ in range(ROUNDS)]
    wall = statistics.median(run.wall for run in runs)
    busy = statistics.median(run.cpu / run.wall for run in runs)
    begin = time.perf_counter()
    plain(words)
    other = time.perf_counter() - begin
    print(
        f"{MIXED} mixed files, whole command: {MIXED / wall:.0f} files/s ({wall:.2f} s, CPU/wall "
        f"{busy:.2f} on {os.cpu_count()} cores); python-docx, the {len(words)} .docx among "
        f"them, in a warm process: {len(words) / other:.0f} files/s"
    )


def growth(documents: list[bytes], folder: Path, sizes: list[int]) -> None:
    """Print time and memory as the number of files grows."""
    for size in sizes:
        files = (("docx", data) for data in cycle(documents))
        run = extract(fill(folder / f"n{size}", files, size))
        print(
            f"{size:5d} .docx: {run.wall:6.2f} s, {run.wall / size * 1000:.2f} ms wall and "
            f"{run.cpu / size * 1000:.2f} ms CPU a file, largest process {run.largest:.0f} MB, "
            f"{run.lines} lines"
        )


def attacks(folder: Path) -> None:
    """Print the slowest and the largest hostile files, each read by a command of its own."""
    found = []
    for name, (make_files, _) in hostile.files().items():
        path = folder / "attack.eml"
        path.write_bytes(letter(make_files()))
        found.append((name, extract(path)))
    for name, run in sorted(found, key=lambda one: one[1].wall, reverse=True)[:5]:
        print(f"hostile: {run.wall:5.2f} s, {run.largest:.0f} MB {name}")
    largest = max(run.largest for _, run in found)
    print(f"hostile: {len(found)} files, largest process {largest:.0f} MB")


@dataclass
class PartClock:
    """CPU seconds that each part took by itself, without the parts that it called."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inner: list[float] = field(default_factory=list)

    def watch(self, owner: Any, name: str) -> None:
        """Put a function that is timed in the place of a part."""
        part = getattr(owner, name)

        def timed_part(*args: Any, **kwargs: Any) -> Any:
            self.inner.append(0.0)
            begun = time.process_time()
            try:
                return part(*args, **kwargs)
            finally:
                spent = time.process_time() - begun
                self.seconds[name] += spent - self.inner.pop()
                if self.inner:
                    self.inner[-1] += spent

        setattr(owner, name, timed_part)


def work_here(work: Any, tasks: Any, jobs: int, *, prepare: Any, replace_lost: Any) -> Iterator:
    """Do in this process what intake spreads over several."""
    prepare()
    yield from map(work, tasks)


def measure_inbox(folder: Path) -> None:
    """Print what every part of reading the inbox of a round costs, and what its bytes alone do."""
    round, clock = load_round(folder), PartClock()
    paths = list_inbox(round.inbox).values()
    size = sum(path.stat().st_size for path in paths)
    reading = timed(lambda: [path.read_bytes() for path in paths] and None)
    hashing = timed(lambda: [sha256_file(path) for path in paths] and None)
    print(f"{len(paths)} files, {size / 1e6:.0f} MB: read {reading:.2f} s, hashed {hashing:.2f} s")
    for owner, name in PARTS:
        clock.watch(owner, name)
    inbox.map_in_processes = work_here
    with tempfile.TemporaryDirectory() as scratch:
        whole = timed(lambda: inbox.read_inbox(round, {}, Path(scratch) / "materials") and None)
    for name, spent in sorted(clock.seconds.items(), key=lambda one: -one[1]):
        print(f"{name:20} {spent:6.2f} s")
    print(f"{'all':20} {whole:6.2f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=[100, 1000, 3000])
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--inbox", type=Path)
    chosen = parser.parse_args()
    if chosen.inbox:
        measure_inbox(chosen.inbox)
        return
    documents = family()
    with tempfile.TemporaryDirectory() as name:
        parsing(documents)
        throughput(documents, Path(name))
        growth(documents, Path(name), chosen.sizes)
        if chosen.hostile:
            attacks(Path(name))


if __name__ == "__main__":
    main()
