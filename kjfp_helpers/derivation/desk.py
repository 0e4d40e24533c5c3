"""An open round: its rules, its ledger, where its papers go, and the review derived from them."""

import getpass
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kjfp_helpers import intake as intake_floor
from kjfp_helpers.derivation.review import Review, derive
from kjfp_helpers.errors import OutputError
from kjfp_helpers.events import Decision, Event
from kjfp_helpers.files import writing
from kjfp_helpers.ledger import Ledger
from kjfp_helpers.records import Intake
from kjfp_helpers.rules import Round, load_round

DATABASE = "KJFP_DATABASE_URL"
"""Environment variable that names a PostgreSQL ledger."""
HOME = "KJFP_HOME"
"""Environment variable that names the folder of ``data/`` and ``outputs/``."""


def home() -> Path:
    """Return the project folder: named by environment, around the working folder, or the source."""
    if os.environ.get(HOME):
        return Path(os.environ[HOME])
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[2]


def round_folder(name: str | Path) -> Path:
    """Return the folder of a round given by path or by its name below ``data/``."""
    path = Path(name)
    if path.is_absolute() or path.is_dir():
        return path
    return home() / path if (home() / path).is_dir() else home() / "data" / path


def output_folder(round_name: str, outputs: str | Path | None = None) -> Path:
    """Return where a round's papers go: ``outputs/<round>`` unless another is named."""
    if outputs is None:
        return home() / "outputs" / round_name
    path = Path(outputs)
    return path if path.is_absolute() or path.is_dir() else home() / path


class Desk:
    """What the steps and the screens work on. Use :meth:`open`."""

    def __init__(self, round: Round, ledger: Ledger, outputs: Path) -> None:
        self.round, self.ledger, self.outputs = round, ledger, outputs
        self._intake: tuple[int, Intake] | None = None
        self._review: tuple[tuple[object, ...], Review] | None = None

    @classmethod
    def open(cls, round_dir: str | Path, outputs: str | Path | None = None) -> "Desk":
        """Open a round by path or by name.

        Raises
        ------
        RuleErrors
            When a rule file does not hold.
        LedgerError
            When the ledger cannot be opened or is another round's.
        OutputError
            When the output folder cannot be made.
        """
        round = load_round(round_folder(round_dir))
        folder = output_folder(round.name, outputs)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        url = os.environ.get(DATABASE) or f"sqlite:///{round.folder / 'review.db'}"
        ledger = Ledger.open(url, round.name, at=clock(round), actor=secretary(round))
        return cls(round, ledger, folder)

    @property
    def intake_file(self) -> Path:
        """Where intake leaves what it read."""
        return self.outputs / "intake.json"

    def intake(self) -> Intake:
        """Return what intake read.

        Raises
        ------
        OutputError
            When intake has not run.
        """
        if not self.intake_file.exists():
            raise OutputError(
                self.intake_file.name, expected="收件结果", found="没有找到",
                advice=f"先运行 kjfp intake {self.round.name}",
            )  # fmt: skip
        stamp = self.intake_file.stat().st_mtime_ns
        if self._intake is None or self._intake[0] != stamp:
            self._intake = (stamp, intake_floor.load(self.intake_file))
        return self._intake[1]

    def review(self) -> Review:
        """Return the review as of now; derived again only when something moved."""
        intake, head = self.intake(), self.ledger.head()
        stamp = (self._intake and self._intake[0], head)
        if self._review is None or self._review[0] != stamp:
            self._review = (stamp, derive(self.round, intake, self.ledger.events()))
        return self._review[1]

    def record(self, *bodies: Decision, actor: str = "") -> tuple[Event, ...]:
        """Append decisions, stamped with who and when; on return they are durable."""
        who = actor or secretary(self.round)
        return self.ledger.append(*bodies, actor=who, at=clock(self.round))


def clock(round: Round) -> datetime:
    """Return the time to stamp: the fixed clock of a rehearsal, else now."""
    fixed = round.notice.round.clock
    return fixed if fixed else datetime.now(ZoneInfo(round.notice.round.timezone))


def secretary(round: Round) -> str:
    """Return who runs a step: the hub's or the system's user; in a rehearsal, nobody real."""
    if round.rehearsal:
        return "演练秘书"
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
