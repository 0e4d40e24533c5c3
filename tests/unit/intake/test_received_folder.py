"""What arrived lies below the round's own folder, for its owner alone."""

import os
import shutil
import stat

import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import TEAM, form
from support.rounds.checked_round import at, make_checked_round


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    return make_checked_round(tmp_path_factory.mktemp("checked"), {"表.docx": form(TEAM)})


@pytest.fixture
def root(checked, tmp_path):
    return shutil.copytree(checked, tmp_path / "copy")


@pytest.fixture
def received(root):
    return ReceivedFolder.for_round(root / "data/practice")


def test_what_was_read_and_the_copies_are_the_owners_alone_and_not_among_the_papers(root, received):
    assert mode(received.folder) == 0o700
    for path in received.folder.rglob("*"):
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    assert any(received.materials.rglob("*.docx"))
    assert not {"intake.json", "materials"} & set(os.listdir(root / "outputs"))


def test_modes_that_the_office_opened_stay_when_mail_is_read_again(root, received):
    for path in (received.folder, received.materials):
        path.chmod(0o750)
    received.file.chmod(0o640)
    shutil.copy(root / "data/practice/inbox/表.docx", root / "data/practice/inbox/再.docx")
    assert main(["intake", *at(root)]) == 0
    assert mode(received.file) == 0o640
    assert mode(received.materials) == 0o750
    assert {mode(path) for path in received.materials.rglob("*.docx")} == {0o640}


def test_what_an_earlier_version_left_among_the_papers_moves_to_the_round(root, received):
    before = received.file.read_bytes()
    for path in (received.file, received.materials):
        shutil.move(path, root / "outputs")
        (root / "outputs" / path.name).chmod(0o755)
    shutil.rmtree(received.folder)
    assert main(["verify", *at(root)]) == 0  # only reads, and moves nothing
    assert (root / "outputs/intake.json").exists() and not received.folder.exists()
    assert main(["check", *at(root)]) == 0
    assert received.file.read_bytes() == before and mode(received.file) == 0o600
    assert mode(received.folder) == mode(received.materials) == 0o700
    assert not {"intake.json", "materials"} & set(os.listdir(root / "outputs"))
    shutil.copy(received.file, root / "outputs")
    assert main(["check", *at(root)]) == 0 and not (root / "outputs/intake.json").exists()


def test_an_account_that_may_not_look_into_the_folder_is_told_whom_to_ask(root, received):
    session = RoundSession.open(root / "data/practice", root / "outputs", readonly=True)
    received.folder.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read anything
    try:
        with pytest.raises(OutputError, match="没有读取权限") as caught:
            session.load_intake()
    finally:
        os.seteuid(user)
        received.folder.chmod(0o700)
    assert "请秘书对同组开放" in str(caught.value)
