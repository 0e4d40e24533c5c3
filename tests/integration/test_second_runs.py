"""A second run writes nothing where nothing changed, and what changed is made again."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from kjfp_helpers import commands
from kjfp_helpers.cli import main
from kjfp_helpers.core.events import FieldCorrected
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.infra.step_stamps import STAMPS_FOLDER
from kjfp_helpers.state import RoundSession
from support.rounds.packet_files import silent

pytestmark = pytest.mark.slow
STEPS = {
    "intake": commands.register_mail,
    "check": commands.check,
    "assign": commands.assign,
    "shortlist": commands.shortlist,
    "exhibit": commands.exhibit,
}
HEAVY = ("pandas", "openpyxl", "docx", "matplotlib", "ortools", "papermill", "PIL")


class Office:
    """A round with its outputs."""

    def __init__(self, base):
        self.folder, self.outputs = base / "rehearsal", base / "outputs"

    def copy(self, base):
        for path in (self.folder, self.outputs):
            shutil.copytree(path, base / path.name)
        return Office(base)

    def open(self):
        return RoundSession.open(self.folder, self.outputs, create=True)

    def run(self, *names):
        """Run steps, each as a command does; return the result of each."""
        results = {}
        for name in names or STEPS:
            session = self.open()
            results[name] = STEPS[name](session, silent)
            session.close()
        return results

    def made(self, *names):
        """Return which steps did anything but skip."""
        return [name for name, result in self.run(*names).items() if result.made]

    @property
    def state(self):
        """Bytes and time of change of every file of round and outputs, but the ledger's own."""
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for folder in (self.folder, self.outputs)
            for path in folder.rglob("*")
            if path.is_file() and not re.search(r"\.db(-\w+)?$|\.lock$|-lock$", path.name)
        }

    @property
    def papers(self):
        """Bytes of every paper."""
        return {
            path.relative_to(self.outputs).as_posix(): path.read_bytes()
            for path in self.outputs.rglob("*")
            if path.is_file() and not path.relative_to(self.outputs).as_posix().startswith(".")
        }

    def head(self):
        session = self.open()
        head = session.ledger.head()
        session.close()
        return head

    def stamp(self, step):
        return self.outputs / STAMPS_FOLDER / f"{step}.json"


@pytest.fixture(scope="module")
def whole(finished, tmp_path_factory):
    base = tmp_path_factory.mktemp("second")
    shutil.copytree(finished, base, dirs_exist_ok=True)
    office = Office(base)
    office.run()
    office.run()
    return office


@pytest.fixture
def office(whole, tmp_path):
    return whole.copy(tmp_path)


def test_nothing_changed_nothing_is_written_and_all_is_reported_as_skipped(office):
    before, head = office.state, office.head()
    results = office.run()
    assert office.state == before and office.head() == head
    assert not any(result.made or result.failed for result in results.values())
    assert all(result.skipped for result in results.values())


def test_the_commands_say_so_and_import_nothing_heavy(office):
    code = (
        "import sys; from kjfp_helpers.cli import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    for step in STEPS:
        command = [sys.executable, "-c", code, step, office.folder, "--outputs", office.outputs]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert (
            re.search("：(没有变化|以前读过|原有)", said)
            and "新" not in said
            and said.endswith("[]\n")
        ), said


PAPERS = {
    "register.xlsx": "intake",
    "findings.xlsx": "check",
    "letters/*.docx": "check",
    "workbook/*.ipynb": "assign",
    "packets/*.ipynb": "assign",
    "shortlist.html": "shortlist",
    "exhibition/*/*.jpg": "exhibit",
    "exhibition/manifest.txt": "exhibit",
}


def test_a_paper_that_is_gone_or_altered_is_made_again_by_its_step_alone(office):
    before = office.papers
    for number, (name, step) in enumerate(PAPERS.items()):
        path = next(office.outputs.glob(name))
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes() + b" ")
        assert not office.made(*(other for other in STEPS if other != step))
        assert office.papers != before, name
        office.run(step)
        assert office.papers == before, name


def test_a_foreign_letter_is_removed_again(office):
    before = office.papers
    shutil.copy(
        next((office.outputs / "letters").glob("*.docx")), office.outputs / "letters/x.docx"
    )
    office.run()
    assert office.papers == before


def test_a_damaged_stamp_only_costs_time(office):
    before = office.papers
    for step, harm in zip(STEPS, ["", "{}", "0\n{}", "[]", "\0"], strict=True):
        office.stamp(step).write_text(harm)
    results = office.run()
    assert office.papers == before and results["shortlist"].made
    assert not office.made()


def test_a_correction_is_seen_by_every_step_that_reads_the_state(office):
    session = office.open()
    records = session.current_state().submissions.records
    record = next(
        one for one in records if isinstance(one.body, Stocktake) and one.body.people_done
    )
    old = record.body.people_done
    session.record(
        FieldCorrected(record=record.id, field="people_done", old=old, new=old + 1, reason="见原件")
    )
    session.close()
    results = office.run()
    assert results["shortlist"].made and results["exhibit"].made
    assert not results["intake"].made, "no message is read again"
    before = office.state
    office.run()
    assert office.state == before


def test_a_new_message_is_read_alone_and_everything_follows(office):
    mail = next((office.folder / "inbox").rglob("*.eml"))
    mail.with_name("late.eml").write_bytes(mail.read_bytes() + b"\n")
    results = office.run()
    assert results["intake"].made == 1 and results["shortlist"].made
    assert not office.made()


def test_a_message_that_is_gone_is_a_failure_and_not_left_out_in_silence(office):
    sorted((office.folder / "inbox").glob("11-*.eml"))[1].unlink()
    outcome = office.run("intake")["intake"]
    assert len(outcome.failed) == 1 and "没有原件" in outcome.failed[0]


def test_a_copy_altered_in_the_received_folder_is_made_again(office):
    session = office.open()
    copies = {path: path.read_bytes() for path in session.received.materials.rglob("*.jpg")}
    session.close()
    path = next(iter(copies))
    path.write_bytes(b"")
    assert office.made() == ["intake"]
    assert {path: path.read_bytes() for path in copies} == copies
    path.write_bytes(b"")
    assert office.made("exhibit") == ["exhibit"], "what it shows is not what it showed"


def test_the_clock_alone_changes_nothing(office, monkeypatch):
    before = office.state
    later = {path: path.stat().st_mtime + 86400 for path in office.folder.rglob("*.eml")}
    for path, at in later.items():
        os.utime(path, (at, at))
    assert not office.made()
    os.utime(office.folder / "received" / "intake.json", (1, 1))
    assert not office.made()
    assert {path: data for path, (data, _) in office.state.items()} == {
        path: data for path, (data, _) in before.items()
    }


def test_another_day_on_the_letters_makes_them_again(office):
    main(["check", str(office.folder), "--outputs", str(office.outputs), "--as-of", "2020-09-01"])
    before = office.papers
    assert any(name.startswith("letters/") for name in before)
    main(["check", str(office.folder), "--outputs", str(office.outputs), "--as-of", "2020-09-02"])
    assert office.papers != before


def test_a_killed_step_is_completed_by_the_next(office, monkeypatch):
    before = office.papers
    for step in STEPS:
        office.stamp(step).unlink()
    paths = [path for path in office.outputs.glob("letters/*.docx")][1:]
    for path in (
        *paths,
        office.outputs / "shortlist.html",
        office.outputs / "exhibition/index.html",
    ):
        path.unlink()
    shutil.rmtree(office.folder / "received" / "materials")
    office.run()
    assert office.papers == before and not office.made()


def test_verification_reads_everything_and_no_kept_reading(office):
    for path in (office.folder / "received" / "readings").iterdir():
        digest, _, content = path.read_bytes().partition(b"\n")
        values = json.loads(content)
        assert values["mail"]["sha256"] and len(digest) == 64
        path.write_bytes(b"")
    before = office.state
    assert main(["verify", str(office.folder), "--outputs", str(office.outputs)]) in (0, 3)
    assert office.state == before
