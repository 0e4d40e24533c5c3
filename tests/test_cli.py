import subprocess
import sys

import pytest
from kjfp_helpers.cli.parser import COMMANDS

from kjfp_helpers.cli import main


def words(capsys) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_help_is_chinese_and_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    said = words(capsys)
    assert stop.value.code == 0 and "usage" not in said and "optional" not in said
    assert all(name in said and text in said for name, text in COMMANDS.items())


def test_help_imports_nothing_heavy():
    code = "import sys; from kjfp_helpers.cli import main\ntry: main(['run', '-h'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('pandas', 'numpy', 'sqlalchemy', 'pydantic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["chekc"], "是否要写“check”"),
        (["rehearse", "x", "--unts", "40"], "是否要写“--units”"),
        (["rehearse", "x", "--units", "四十"], "应为不小于1的整数"),
        (["rehearse"], "缺少 DIR"),
        (["run", "--outputs"], "缺少值"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest_valid_one(capsys, typed, told):
    with pytest.raises(SystemExit) as stop:
        main(typed)
    said = words(capsys)
    assert stop.value.code == 2 and told in said and "Traceback" not in said


def test_an_unknown_round_is_told_with_its_neighbours(capsys):
    assert main(["check", "2002"]) == 1
    assert "是否要写“2020”" in words(capsys)
