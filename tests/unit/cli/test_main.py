import subprocess
import sys
import threading
from importlib.metadata import version

import click
import pytest

from kjfp_helpers.cli import main
from kjfp_helpers.cli.main import root
from kjfp_helpers.cli.progress_bar import Bar

GROUPS = [name for name, command in root.commands.items() if isinstance(command, click.Group)]


def output(capsys) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def every_command(command: click.Command = root, path: tuple[str, ...] = ()):
    """Yield the words that call a command, and the command."""
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from every_command(below, (*path, name))


COMMANDS = dict(every_command())


def test_help_is_chinese_and_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    text = output(capsys)
    assert stop.value.code == 0
    assert all(name in text and command.help in text for name, command in root.commands.items())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_is_chinese_and_complete(capsys, path):
    with pytest.raises(SystemExit) as stop:
        main([*path, "-h"])
    text = output(capsys)
    assert stop.value.code == 0 and text.startswith("用法：")
    for english in (
        "Usage",
        "Options",
        "Commands",
        "Arguments",
        "Show this",
        "required",
        "default",
    ):
        assert english not in text
    for parameter in COMMANDS[path].params:
        if not getattr(parameter, "hidden", False):
            assert parameter.help and parameter.help in text


def test_kjfp_alone_prints_the_help(capsys):
    assert main([]) == 0
    assert output(capsys).startswith("用法：kjfp")


def test_the_version_is_that_of_the_installed_package(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0 and output(capsys).split() == ["kjfp", version("kjfp-helpers")]


def test_help_imports_nothing_heavy():
    code = "import sys; from kjfp_helpers.cli import main\ntry: main(['run', '-h'])\nexcept SystemExit: pass\n"
    heavy = ("pandas", "numpy", "sqlalchemy", "pydantic", "kjfp_helpers.core.events")
    code += f"print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["chekc"], "没有“chekc”这个命令。是否要写“check”？"),
        (["packet", "isue"], "没有“isue”这个命令。是否要写“issue”？"),
        (["rehearse", "x", "--unts", "40"], "没有“--unts”这个选项或参数。是否要写“--units”？"),
        (["forms", "a", "b"], "没有“b”这个选项或参数。"),
        (["rehearse", "x", "--units", "四十"], "--units 应为不小于1的整数，实为“四十”。请更正。"),
        (["regenerate", "--jobs", "0"], "--jobs 应为不小于1的整数，实为“0”。请更正。"),
        (["regenerate", "--jobs", "-1"], "--jobs 应为不小于1的整数，实为“-1”。请更正。"),
        (["extract", "--jobs", "0", "x"], "--jobs 应为不小于1的整数，实为“0”。请更正。"),
        (["extract", "--jobs", "x", "x"], "--jobs 应为不小于1的整数，实为“x”。请更正。"),
        (
            ["check", "--as-of", "8月16日"],
            "--as-of 应为日期（如 2020-08-16），实为“8月16日”。请更正。",
        ),
        (["regenerate", "-p", "x"], "-p 应为 NAME=VALUE，实为“x”。请写明参数名和值。"),
        (["rank", "x", "--places", "3", "--method", "maen"], "是否要写“mean”？"),
        (["rank", "x", "--places", "3", "--min", "低"], "--min 应为分数，实为“低”。请更正。"),
        (["rehearse"], "缺少 DIR。请补上。"),
        (["rank"], "缺少 SCORES.csv、--places。请补上。"),
        (["extract"], "缺少 PATH。请补上。"),
        (["member", "withdraw"], "缺少 ROUND、MEMBER、--reason。请补上。"),
        (["run", "--outputs"], "--outputs 后面缺少值。请补上。"),
        (["run", "--outputs", "--as-of", "2020-08-16"], "--outputs 后面缺少值。请补上。"),
        (["packet", "issue", "--member"], "--member 后面缺少值。请补上。"),
        (["regenerate", "--force=1"], "--force 后面不带值。"),
    ],
)
def test_a_wrong_command_line_ends_with_two_and_says_in_chinese_what_to_write(
    capsys, typed, message
):
    with pytest.raises(SystemExit) as stop:
        main(typed)
    text = output(capsys)
    assert stop.value.code == 2 and message in text and text.startswith("用法：kjfp")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_its_command_lists_what_can_be_written(capsys, group):
    with pytest.raises(SystemExit) as stop:
        main([group])
    assert stop.value.code == 2
    assert f"缺少 {'|'.join(root.commands[group].commands)}。请补上。" in output(capsys)


def test_an_unknown_option_is_told_with_the_options_of_that_command_alone(capsys):
    with pytest.raises(SystemExit):
        main(["forms", "--qqqq"])
    text = output(capsys)
    assert "可用：--outputs、-h、--help。" in text


def test_an_unknown_round_is_told_with_its_neighbours(capsys):
    assert main(["check", "2002"]) == 1
    assert "是否要写“2020”" in output(capsys)


def test_a_progress_bar_leaves_the_process_free_to_be_forked():
    before = threading.active_count()
    with Bar("收件") as on_progress:
        on_progress(1, 3)
        assert threading.active_count() == before
