"""A stamp is believed only where everything is as it was left."""

import hashlib
import json

import pytest

from kjfp_helpers.infra.step_stamps import STAMPS_FOLDER, StepStamp, StepStamps, digest_files


@pytest.fixture
def stamps(tmp_path):
    outputs, received = tmp_path / "outputs", tmp_path / "received"
    for path in (outputs / "letters" / "a.docx", received / "materials" / "张三.jpg"):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"1")
    return StepStamps(outputs, received)


@pytest.fixture
def stamp(stamps, tmp_path):
    made = StepStamp(
        inputs="one",
        files=digest_files(tmp_path / "outputs", ["letters/a.docx", "absent.docx"]),
        whole=["letters/*.docx"],
        read=stamps.digest_read(["materials/张三.jpg", "materials/absent.jpg"]),
        count=3,
        notes=["甲"],
    )
    stamps.write("check", made)
    return made


def test_it_comes_back_as_it_was_written(stamps, stamp):
    assert stamps.find("check", "one") == stamp


@pytest.mark.parametrize(("step", "inputs"), [("check", "two"), ("exhibit", "one")])
def test_other_inputs_and_other_steps_have_none(stamps, stamp, step, inputs):
    assert stamps.find(step, inputs) is None


@pytest.mark.parametrize(
    "name",
    [
        "outputs/letters/a.docx",
        "outputs/letters/foreign.docx",
        "outputs/absent.docx",
        "received/materials/张三.jpg",
        "received/materials/absent.jpg",
    ],
)
def test_a_file_that_is_altered_or_should_not_be_there_unmakes_it(stamps, stamp, tmp_path, name):
    (tmp_path / name).write_bytes(b"2")
    assert stamps.find("check", "one") is None


def test_a_file_that_is_gone_unmakes_it(stamps, stamp, tmp_path):
    (tmp_path / "outputs/letters/a.docx").unlink()
    assert stamps.find("check", "one") is None


def test_names_of_received_files_are_not_among_the_papers(stamp, tmp_path):
    text = (tmp_path / "outputs" / STAMPS_FOLDER / "check.json").read_text("utf-8")
    assert "张三" not in text and "letters/a.docx" in text


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'{"inputs": "one"}'])
def test_a_damaged_or_foreign_stamp_is_none(stamps, stamp, tmp_path, content):
    path = tmp_path / "outputs" / STAMPS_FOLDER / "check.json"
    whole = path.read_bytes()
    for data in (
        content,
        hashlib.sha256(content).hexdigest().encode() + b"\n" + content,
        whole[:-1],
        whole.replace("甲".encode(), "乙".encode()),
    ):
        path.write_bytes(data)
        assert stamps.find("check", "one") is None
    path.unlink()
    assert stamps.find("check", "one") is None


def test_a_stamp_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / STAMPS_FOLDER).write_text("")
    stamps = StepStamps(tmp_path, tmp_path)
    stamps.write("check", StepStamp(inputs="one", files={}))
    assert stamps.find("check", "one") is None


def test_lone_surrogates_in_notes_come_back(stamps):
    stamps.write("check", StepStamp(inputs="one", files={}, notes=["\ud800"]))
    found = stamps.find("check", "one")
    assert found and json.dumps(found.notes) == '["\\ud800"]'
