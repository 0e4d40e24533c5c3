"""The notebook kernels could be lifted out: they hold nothing of this project."""

import re
import tomllib

import pytest

from support.project import PROJECT

FOLDER = PROJECT / "kjfp_helpers" / "notebook_kernels"
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".py", ".md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_name_and_no_chinese_of_this_project_stands_in_it(path):
    text = path.read_text("utf-8")
    assert "kjfp" not in text.lower()
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_the_versions_on_its_page_are_those_that_are_installed():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (FOLDER / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w+) \| `(>=[^`]+)` \|", page, re.MULTILINE)
    assert len(rows) == 5
    for name, versions in rows:
        assert f"{name}{versions}" in project["dependencies"]
