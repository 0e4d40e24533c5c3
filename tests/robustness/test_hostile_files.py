"""Every hostile file is answered by its code, within its limits, and leaves nothing behind."""

import json
import os
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
import json, re, sys, time
from pathlib import Path
from support.hostile.hostile_files import read
data = sys.stdin.buffer.read()
begin = time.monotonic()
found = [(one.code, one.message) for one in read(data, Path(sys.argv[1]))]
seconds = time.monotonic() - begin
own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps([found, seconds, own // 1024]))
"""


def read_within_limits(data, folder):
    """Return code and message of each finding, of a process that reads this letter alone."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, folder],
        input=data,
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    found, seconds, megabytes = json.loads(done.stdout)
    assert seconds < SECONDS and megabytes < MEGABYTES
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_answered_by_its_code_within_the_limits(name, tmp_path):
    make_files, code = FILES[name]
    data = letter(make_files())
    if name in HEAVY:
        found = read_within_limits(data, tmp_path)
    else:
        found = [(one.code, one.message) for one in read(data, tmp_path)]
    assert code in {given for given, _ in found}
    assert all(given in FINDING_TYPES and message for given, message in found)
    assert [path.name for path in tmp_path.iterdir()] == ["materials.part"]
    assert not any("11010519491231002" in message for _, message in found)


@pytest.mark.parametrize("name", LETTERS)
def test_a_hostile_letter_is_answered_by_its_code(name, tmp_path):
    make_letter, code = LETTERS[name]
    assert code in {one.code for one in read(make_letter(), tmp_path)}
