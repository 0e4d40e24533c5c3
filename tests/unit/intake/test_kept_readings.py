"""What was read of a message is kept, and gives byte for byte what reading all mail gives."""

import json
import multiprocessing
import os
import shutil
import stat
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.intake import read_inbox, save
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.kept_readings import KeptReadings
from kjfp_helpers.intake.message_import import MessageImport
from support.forms.sample_files import (
    PERSON,
    TEAM,
    archive,
    form,
    letter,
    picture,
    text,
    the_round,
)
from support.thoroughness import times

SHOW = archive(
    {
        "展览/展览文本.docx": text("网上展览文本", {"一、响应中央决策部署": "好。"}),
        "展览/图片/01梯田.jpg": picture((60, 40), "JPEG"),
    }
)
TEAM_FORM = form(TEAM)
MAILS = {
    "1": letter({"附件1.docx": TEAM_FORM}, number=1),
    "2": letter({"附件2.docx": form(PERSON)}, number=2, sent="Mon, 10 Aug 2020 08:00:00 +0800"),
    "3": letter({"附件1.docx": TEAM_FORM}, number=1, body="再发一次。"),  # the files of 1
    "4": letter({"展览.zip": SHOW}, number=4),
    "5": b"",
    "6": letter({}, number=6),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "round"
    shutil.copytree(the_round().folder, folder, ignore=shutil.ignore_patterns("inbox", "*.db"))
    return folder


class Office:
    """A round whose inbox is read again and again; receipts are remembered, as in a ledger."""

    def __init__(self, folder, received):
        self.round, self.received, self.receipts = the_round(folder), received, {}
        self.round.inbox.mkdir(exist_ok=True)
        received.mkdir()

    def put(self, names):
        for path in self.round.inbox.iterdir():
            path.unlink()
        for name in names:
            (self.round.inbox / f"{name}.eml").write_bytes(MAILS[name])

    def read(self, *, keep=True):
        kept = KeptReadings(self.received / "readings", self.round) if keep else None
        got = read_inbox(self.round, self.receipts, self.received / "materials", kept=kept)
        self.receipts |= {mail.sha256: mail.receipt for mail in got.mails}
        save(got, self.received / "intake.json")
        return kept.read_anew if kept else len(got.mails)

    @property
    def result(self):
        """Bytes and modes of everything that intake leaves, but what is kept."""
        return {
            path.relative_to(self.received).as_posix(): (
                stat.S_IMODE(path.stat().st_mode),
                path.read_bytes() if path.is_file() else b"",
            )
            for path in sorted(self.received.rglob("*"))
            if "readings" not in path.parts
        }


@pytest.fixture(scope="module")
def read_once(folder, tmp_path_factory):
    office = Office(folder, tmp_path_factory.mktemp("read") / "received")
    office.put(MAILS)
    office.read()
    return office


@pytest.fixture
def office(folder, read_once, tmp_path):
    """A copy of what was read of all mail."""
    office = Office(folder, tmp_path / "received")
    office.put(MAILS)
    shutil.copytree(read_once.received, office.received, dirs_exist_ok=True)
    office.receipts |= read_once.receipts
    return office


def entries(office):
    return sorted((office.received / "readings").iterdir())


@pytest.mark.slow
@settings(max_examples=times(4, 10), deadline=None)
@given(st.lists(st.sets(st.sampled_from(sorted(MAILS)), min_size=1), min_size=1, max_size=3))
def test_kept_new_and_partly_kept_give_the_same_bytes_in_any_order_of_arrival(
    folder, tmp_path_factory, arrivals
):
    kept = Office(folder, tmp_path_factory.mktemp("a") / "received")
    plain = Office(folder, tmp_path_factory.mktemp("b") / "received")
    for names in arrivals:
        kept.put(names)
        kept.read()
        plain.read(keep=False)
        assert kept.result == plain.result and kept.receipts == plain.receipts


def test_only_new_mail_is_read(office):
    before = office.result
    assert office.read() == 0 and office.result == before
    (office.round.inbox / "7.eml").write_bytes(letter({"附件1.docx": form(TEAM)}, number=7))
    assert office.read() == 1


def test_copies_of_kept_mail_are_not_written_again(office):
    copies = {path: path.stat().st_mtime_ns for path in office.received.rglob("*.docx")}
    office.read()
    assert copies == {path: path.stat().st_mtime_ns for path in office.received.rglob("*.docx")}


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"a", b"b")),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(sha256(b"[]").hexdigest().encode() + b"\n[]"),
        lambda path: path.write_bytes(sha256(b"{}").hexdigest().encode() + b"\n{}"),
    ],
)
def test_a_damaged_or_foreign_entry_is_read_again_and_no_more(office, harm):
    before = office.result
    harm(entries(office)[0])
    assert office.read() == 1 and office.result == before
    assert office.read() == 0


def test_an_entry_under_the_name_of_another_is_not_believed(office):
    before, (first, second, *_) = office.result, entries(office)
    shutil.copy(first, second)
    assert office.read() == 1 and office.result == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes() + b" "),
        lambda path: (path.rename(path.with_name("x")), path.symlink_to(path.with_name("x"))),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_copy_that_is_gone_or_altered_is_made_again(office, harm):
    before = office.result
    harm(next(office.received.rglob("*附件2.docx")))
    assert office.read() == 1 and office.result == before


@pytest.mark.slow
def test_other_rules_that_readings_rest_on_make_them_old(office):
    for name, count in (("panel.csv", 0), ("notice.toml", 6), ("units.csv", 6)):
        before = office.round
        office.round = replace(before, files={**before.files, name: "0"})
        assert office.read() == count
        office.round = before
        office.read()


def test_other_code_makes_them_old(office, monkeypatch):
    monkeypatch.setattr("kjfp_helpers.intake.kept_readings.build_fingerprint", lambda: "0")
    assert office.read() == 6


def test_a_message_under_another_name_or_number_is_read_again(office):
    (office.round.inbox / "6.eml").rename(office.round.inbox / "9.eml")
    assert office.read() == 1


def test_entries_of_mail_that_is_gone_are_removed_and_all_are_the_owners_alone(office):
    assert {stat.S_IMODE(path.stat().st_mode) for path in entries(office)} == {0o600}
    assert stat.S_IMODE((office.received / "readings").stat().st_mode) == 0o700
    office.put("12")
    office.read()
    assert len(entries(office)) == 2


def test_mail_whose_copies_a_failed_run_took_back_is_read_again(office, monkeypatch):
    mail = letter({"附件9.docx": TEAM_FORM}, number=9)
    (office.round.inbox / "9.eml").write_bytes(mail)

    def fail(store, stored):
        raise OutputError("输出位置", expected="可以写入", found="磁盘已满", advice="清理")

    with monkeypatch.context() as context:
        context.setattr(MaterialStore, "keep_only", fail)
        with pytest.raises(OutputError):
            office.read()
    assert not list(office.received.rglob("*附件9.docx"))
    assert office.read() == 1 and list(office.received.rglob("*附件9.docx"))
    before = office.result
    assert office.read() == 0 and office.result == before


def test_what_cannot_be_kept_is_no_error(office):
    shutil.rmtree(office.received / "readings")
    (office.received / "readings").write_text("")
    before = office.result
    assert office.read() == 6 and office.result == before


def test_files_that_libreoffice_converts_are_read_after_all_others_and_kept(
    office, monkeypatch, tmp_path
):
    def convert(sources, folder):
        path = folder / "converted.docx"
        path.write_bytes(TEAM_FORM)
        return dict.fromkeys(sources, path)

    monkeypatch.setattr("kjfp_helpers.intake.message_import.find_libreoffice", lambda: "soffice")
    monkeypatch.setattr("kjfp_helpers.intake.inbox.convert_to_docx", convert)
    mail = letter({"推荐表.rtf": rb"{\rtf1 form}"}, number=8, body="推荐表见附件。")
    (office.round.inbox / "8.eml").write_bytes(mail)
    assert office.read() == 1
    records = json.loads((office.received / "intake.json").read_text("utf-8"))["records"]
    assert records[-1]["kind"] == "team" and records[-1]["source"].endswith("推荐表.rtf")
    before = office.result
    assert office.read() == 0 and office.result == before


@pytest.mark.slow
def test_where_processes_cannot_be_forked_they_read_the_rules_again(office, monkeypatch):
    before = office.result
    spawned = multiprocessing.get_context("spawn")
    monkeypatch.setattr("concurrent.futures.process.mp.get_context", lambda: spawned)
    shutil.rmtree(office.received / "readings")
    assert office.read() == 6 and office.result == before


@pytest.mark.slow
def test_one_message_that_kills_its_reader_stops_no_other(office, monkeypatch):
    def deadly(self, data, run=MessageImport.import_message):
        if self.ref.path.endswith("2.eml"):
            os._exit(9)
        run(self, data)

    monkeypatch.setattr(MessageImport, "import_message", deadly)
    shutil.rmtree(office.received / "readings")
    office.read()
    mails = json.loads((office.received / "intake.json").read_text("utf-8"))["mails"]
    codes = {mail["path"]: [found["code"] for found in mail["findings"]] for mail in mails}
    assert "unreadable" in codes["inbox/2.eml"]
    assert sum("unreadable" in found for found in codes.values()) == 1
    assert not list(office.received.rglob("*附件2.docx"))
    assert [mail["receipt"] for mail in mails] == list(range(1, 7))
