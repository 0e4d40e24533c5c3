"""The check of the machine says of each lack what it costs and how to cure it."""

import pytest

from kjfp_helpers.cli.main import main
from kjfp_helpers.commands.environment import check_environment


def _by_title():
    return {check.title: check for check in check_environment()}


def test_where_everything_needed_is_there_nothing_is_required(capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "✗" not in said and "程序库：" in said


def test_other_programs_that_lack_are_told_with_cost_and_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _by_title()
    for title in ("LibreOffice", "unar", "浏览器"):
        assert found[title].state == "optional" and found[title].cost and found[title].cure


@pytest.mark.parametrize(
    ("variable", "value", "title"),
    [
        ("KJFP_HOME", "/nowhere/at/all", "文件夹"),
        ("KJFP_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "台账数据库"),
        ("KJFP_DATABASE_URL", "no database", "台账数据库"),
    ],
)
def test_what_the_program_cannot_do_without_ends_with_an_error(
    monkeypatch, capsys, variable, value, title
):
    monkeypatch.setenv(variable, value)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f"✗ {title}" in said and "办法" in said and "Traceback" not in said
    if variable == "KJFP_DATABASE_URL":
        assert "nobody" not in said


def test_a_library_of_a_version_outside_the_range_is_named(monkeypatch):
    from kjfp_helpers.commands.environment import installed_software

    monkeypatch.setattr(installed_software, "version", lambda name: "0.0.1")
    assert "pandas 0.0.1，应为" in _by_title()["程序库"].found
