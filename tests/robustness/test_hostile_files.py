"""Every hostile file is answered by its code, within its limits, and leaves nothing behind."""

import subprocess
import sys

import pytest

from kjfp_helpers.core.findings import FINDING_TYPES
from support.forms.sample_files import letter
from support.hostile import hostile_files as hostile
from support.hostile.hostile_files import read
from support.project import TESTS

FILES, LETTERS = hostile.files(), hostile.letters()
SECONDS, MEGABYTES = 10, 500


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_answered_by_its_code(name, tmp_path):
    make_files, code = FILES[name]
    found = read(letter(make_files()), tmp_path)
    assert code in {one.code for one in found}
    assert all(one.code in FINDING_TYPES and one.message for one in found)
    assert [path.name for path in tmp_path.iterdir()] == ["materials.part"]
    assert not any("11010519491231002" in one.message for one in found)


@pytest.mark.parametrize("name", LETTERS)
def test_a_hostile_letter_is_answered_by_its_code(name, tmp_path):
    make_letter, code = LETTERS[name]
    assert code in {one.code for one in read(make_letter(), tmp_path)}


HEAVY = (
    "flat bomb",
    "nested bomb",
    "7z bomb",
    "bomb in a form",
    "bomb in a workbook",
    "bomb in a pdf",
    "10,000 entries",
    "3,000 attachments",
    "entities",
)
CHILD = """
import re, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from support.hostile.hostile_files import read
data = Path(sys.argv[1]).read_bytes()
begin = time.monotonic()
read(data, Path(sys.argv[2]))
own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(time.monotonic() - begin, own // 1024)
"""


@pytest.mark.parametrize("name", HEAVY)
def test_a_hostile_file_keeps_to_the_limits(name, tmp_path):
    """Time and memory of a process that reads the one file."""
    (tmp_path / "a.eml").write_bytes(letter(FILES[name][0]()))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            CHILD.format(tests=str(TESTS)),
            tmp_path / "a.eml",
            tmp_path / "out",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
