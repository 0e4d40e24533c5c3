"""A run is over before the round is opened only where opening it would make nothing."""

import json
import shutil
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.output_lock import HOLDER_FILE
from kjfp_helpers.reports.batch.manifest import find_unchanged_reports
from kjfp_helpers.reports.run_digest import digest_run, remember_run

ROUND = {
    "notice.toml": "rules",
    "panel.csv": "member",
    "roles.csv": "user",
    "review.db": "ledger",
    "review.db-journal": "\0\0void",
    "received/intake.json": "{}",
}
PAPERS = {
    ".kjfp-round": "round",
    "heads.json": "{}",
    "shortlist.html": "list",
    "packets/a.xlsx": "p",
}
REPORTS = {"11.html": "page", "cases/T11-1.html": "page", "index.html": "index"}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def run(tmp_path):
    """Return what a run looks at: a round, its outputs and parameters."""
    folder, outputs = tmp_path / "round", tmp_path / "outputs"
    write(folder, ROUND)
    write(outputs, PAPERS)
    write(outputs / "reports", REPORTS)
    hashes = {name: sha256_file(outputs / "reports" / name) for name in REPORTS}
    entries = {
        name.removesuffix(".html"): {"inputs": "as made", "files": {name: digest}}
        for name, digest in hashes.items()
        if name != "index.html"
    }
    manifest = {
        "stamp": "as made",
        "reports": entries,
        "failed": {},
        "pages": {"index.html": hashes["index.html"]},
    }
    write(outputs / "reports", {"manifest.json": json.dumps(manifest)})
    remember_run(folder, outputs, {"with_story": "False"}, lambda: True)
    return partial(find_unchanged_reports, str(folder), str(outputs)), folder, outputs


def test_where_all_stands_every_report_asked_for_is_unchanged(run):
    find, folder, _ = run
    given = {"with_story": "False"}
    assert find(given).unchanged == ("11", "cases/T11-1")
    assert find(given, only=["T11-1"]).unchanged == ("cases/T11-1",)
    (folder / "review.db-journal").unlink()  # it goes when the ledger is closed
    assert find(given).skipped == 2


@pytest.mark.parametrize(
    "name",
    [
        *(f"round/{name}" for name in ROUND if name != "review.db-journal"),
        "round/review.db-wal",
        *(f"outputs/{name}" for name in (*PAPERS, HOLDER_FILE)),
        *(f"outputs/reports/{name}" for name in (*REPORTS, "manifest.json")),
        "outputs/.kjfp-steps/regenerate.json",
    ],
)
def test_a_changed_file_leads_through_the_open_round(run, tmp_path, name):
    find, _, _ = run
    with (tmp_path / name).open("ab") as file:
        file.write(b"?")
    assert find({"with_story": "False"}) is None


def test_a_journal_that_has_to_be_taken_back_leads_through_the_open_round(run):
    find, folder, _ = run
    (folder / "review.db-journal").write_bytes(b"\xd9\xd5\x05\xf9")
    assert find({"with_story": "False"}) is None


def test_the_same_run_in_another_place_leaves_the_same_stamp(run, tmp_path):
    _, folder, outputs = run
    for name in (folder, outputs):
        shutil.copytree(name, tmp_path / "elsewhere" / name.name)
    stamp = ".kjfp-steps/regenerate.json"
    there = tmp_path / "elsewhere"
    (there / "outputs" / stamp).unlink()
    given = {"with_story": "False"}
    remember_run(there / "round", there / "outputs", given, lambda: True)
    assert (there / "outputs" / stamp).read_bytes() == (outputs / stamp).read_bytes()
    assert find_unchanged_reports(str(there / "round"), str(there / "outputs"), given)
    moved = there / "another"
    (there / "round").rename(moved)
    assert find_unchanged_reports(str(moved), str(there / "outputs"), given) is None


def test_of_the_ledger_every_event_counts_and_no_number_of_a_request(tmp_path):
    def digest(name, events, requests):
        folder = tmp_path / name / "round"
        folder.mkdir(parents=True)
        with closing(sqlite3.connect(folder / "review.db")) as ledger:
            ledger.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT)")
            ledger.execute("CREATE TABLE requests (id TEXT)")
            ledger.executemany("INSERT INTO events VALUES (?, ?)", events)
            ledger.executemany("INSERT INTO requests VALUES (?)", requests)
            ledger.commit()
        return digest_run(folder, tmp_path / "outputs", {})

    first = digest("a", [(1, "甲"), (2, "乙")], [("86bbab",)])
    assert digest("b", [(1, "甲"), (2, "乙")], [("87dbfb",)]) == first
    assert digest("c", [(1, "丙"), (2, "乙")], [("86bbab",)]) != first
    assert digest("d", [(1, "甲")], [("86bbab",)]) != first


def test_other_parameters_accounts_and_ledgers_lead_through_the_open_round(run, monkeypatch):
    find, _, _ = run
    assert find({}) is None
    for name in ("KJFP_DATABASE_URL", "KJFP_REHEARSE_AS", "JUPYTERHUB_USER", "LOGNAME"):
        with monkeypatch.context() as other:
            other.setenv(name, "other")
            assert find({"with_story": "False"}) is None
    assert find({"with_story": "False"}) is not None


def test_nothing_is_kept_of_a_run_in_whose_time_something_changed(run):
    find, folder, outputs = run
    given = {"with_story": "True"}
    remember_run(folder, outputs, given, lambda: False)
    assert find(given) is None
    remember_run(folder, outputs, given, lambda: bool((folder / "notice.toml").write_text("other")))
    assert find(given) is None
