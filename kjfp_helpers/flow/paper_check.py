"""Papers held against the ledger: those standing in the outputs, and single ones in hand."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.derivation.desk import as_of
from kjfp_helpers.derivation.heads import missing_heads
from kjfp_helpers.errors import OutputError
from kjfp_helpers.events import Event, PapersMade
from kjfp_helpers.files import digest
from kjfp_helpers.flow.papers import WRITERS
from kjfp_helpers.records import Intake
from kjfp_helpers.reports.office.paper_content import first_difference
from kjfp_helpers.reports.paper_heads import missing_events, printed_heads
from kjfp_helpers.reports.paper_record import recorded_papers
from kjfp_helpers.reports.site.build import MANIFEST
from kjfp_helpers.reports.slicing import slices

COMMANDS = (*WRITERS, "regenerate", "exhibit")
"""Commands whose papers the ledger records."""
_SHOWN = 5


@dataclass(frozen=True)
class PaperCheck:
    """What came of holding papers against the ledger; all lines are Chinese.

    ``held`` counts the papers that are as recorded, ``absent`` those that are not here.
    """

    held: int = 0
    absent: int = 0
    notes: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()

    def __add__(self, other: "PaperCheck") -> "PaperCheck":
        """Return both together."""
        return PaperCheck(
            self.held + other.held,
            self.absent + other.absent,
            self.notes + other.notes,
            self.differences + other.differences,
        )


class PaperChecker:
    """Holds papers against what the ledger derives; each state of the round is derived once."""

    def __init__(self, desk: Desk, read: Intake, events: Sequence[Event], scratch: Path) -> None:
        self._desk, self._read, self._events, self._scratch = desk, read, events, scratch
        self._made: dict[int, Path] = {}

    def check_outputs(self) -> PaperCheck:
        """Hold every recorded paper that stands in the outputs against the ledger."""
        total = PaperCheck()
        for command in COMMANDS:
            total += self._check_command(command)
        return total

    def check_file(self, path: Path) -> PaperCheck:
        """Hold one paper in hand, whatever its name, against all that the ledger recorded."""
        if not path.is_file():
            return PaperCheck(differences=(f"{path.name}：找不到这个文件，请核对路径。",))
        value = digest(path)
        records = [(e, e.body) for e in reversed(self._events) if isinstance(e.body, PapersMade)]
        for event, body in records:
            for name in (name for name, known in body.papers.items() if known == value):
                return PaperCheck(held=1, notes=(self._as_recorded(path, event, body, name),))
        named = [(e, body) for e, body in records if path.name in map(_last_name, body.papers)]
        for event, body in named:
            if body.command in WRITERS:
                return self._compare(path, event, body.command, _full_name(body, path.name))
        later = missing_heads(printed_heads(path), self._desk.ledger)
        if later:
            said = missing_events(self._desk, later[-1])
            return _differs(path.name, f"出自台账第{later[-1].seq}条，而{said}，请用较晚的台账核对")
        if named:
            return _differs(path.name, "与台账所记的校验值不符，内容有改动，请以原件为准")
        return _differs(path.name, "台账没有记载这份文件，不能核对")

    def _as_recorded(self, path: Path, event: Event, body: PapersMade, name: str) -> str:
        latest = recorded_papers(self._events, body.command)[name]
        newer = "" if latest == body.papers[name] else "；此后另有新版，请以新版为准"
        made = f"{event.at:%Y年%m月%d日 %H:%M}"
        return f"{path.name}：与台账第{event.seq}条所记 {name} 相同（{made}生成）{newer}"

    def _check_command(self, command: str) -> PaperCheck:
        recorded = recorded_papers(self._events, command)
        outputs = self._desk.outputs
        here = {name: value for name, value in recorded.items() if (outputs / name).is_file()}
        total = PaperCheck(absent=len(recorded) - len(here))
        if not here:
            return total
        made = [e for e in self._events if _is_record(e, command)][-1]
        for name, value in here.items():
            if command in WRITERS:
                total += self._compare(outputs / name, made, command, name)
            elif digest(outputs / name) == value:
                total += PaperCheck(held=1)
            else:
                total += _differs(name, "与台账所记的校验值不符，内容有改动")
        if command == "regenerate":
            total += self._check_report_data(made)
        if command == "exhibit":
            total += self._check_exhibition()
        return total

    def _compare(self, path: Path, made: Event, command: str, name: str) -> PaperCheck:
        """Make the paper again from the state on which it rested, and compare the text."""
        again = self._make_again(made, command) / name
        same = path.read_bytes() == again.read_bytes() if again.is_file() else False
        if same:
            return PaperCheck(held=1)
        if not again.is_file():
            return _differs(name, "按台账推演，此时没有这份文件")
        try:
            difference = first_difference(again, path)
        except OutputError as error:
            return PaperCheck(differences=(str(error),))
        if difference is None:
            return PaperCheck(
                held=1, notes=(f"{name}：文字、数字与台账一致，文件经另存或用其他版本生成",)
            )
        place, old, new = difference
        return _differs(name, f"{place} 应为“{_short(old)}”，现为“{_short(new)}”")

    def _make_again(self, made: Event, command: str) -> Path:
        folder = self._made.get(made.seq)
        if folder is None:
            folder = self._scratch / f"{command}-{made.seq}"
            folder.mkdir(parents=True)
            WRITERS[command](self._review(made), folder, lambda done, total: None)
            self._made[made.seq] = folder
        return folder

    def _review(self, made: Event) -> Review:
        return as_of(self._desk.round, self._read, self._events[: made.seq - 1])

    def _check_report_data(self, made: Event) -> PaperCheck:
        """Hold the figures from which the reports are made against what is derived."""
        again, standing = self._scratch / "data", self._desk.outputs / "reports" / "data"
        slices(self._review(made), again)
        moved = sorted(
            path.relative_to(again).as_posix()
            for path in again.rglob("*.json")
            if digest(standing / path.relative_to(again)) != digest(path)
        )
        if not moved:
            return PaperCheck()
        shown = "、".join(moved[:_SHOWN]) + (f"等{len(moved)}份" if len(moved) > _SHOWN else "")
        return _differs("reports/data", f"报告所依据的数据与台账推演的不符：{shown}")

    def _check_exhibition(self) -> PaperCheck:
        folder, total = self._desk.outputs / "exhibition", PaperCheck()
        for line in (folder / MANIFEST).read_text("utf-8").splitlines():
            value, _, name = line.partition("  ")
            same = digest(folder / name) == value
            found = PaperCheck(held=1) if same else _differs(f"exhibition/{name}", "内容有改动")
            total += found
        return total


def check_papers(
    desk: Desk, read: Intake, events: Sequence[Event], files: Sequence[Path]
) -> PaperCheck:
    """Hold the papers in hand, or where none is named all in the outputs, against the ledger.

    Parameters
    ----------
    read : Intake
        What the inbox holds, read again.
    files : sequence of Path
        Single papers; empty means all that stand in the outputs.
    """
    with tempfile.TemporaryDirectory() as scratch:
        checker = PaperChecker(desk, read, events, Path(scratch))
        if not files:
            return checker.check_outputs()
        total = PaperCheck()
        for path in files:
            total += checker.check_file(path)
        return total


def _is_record(event: Event, command: str) -> bool:
    return isinstance(event.body, PapersMade) and event.body.command == command


def _last_name(name: str) -> str:
    return name.rpartition("/")[2]


def _full_name(body: PapersMade, name: str) -> str:
    return next(full for full in body.papers if _last_name(full) == name)


def _differs(name: str, what: str) -> PaperCheck:
    return PaperCheck(differences=(f"{name}：{what}。",))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
