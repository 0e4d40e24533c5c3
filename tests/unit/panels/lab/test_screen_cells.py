"""The page runs a notebook by itself only if it knows every line of it."""

import json
import re

import pytest

from support.project import NOTEBOOKS, PROJECT

SCRIPT = PROJECT / "kjfp_helpers/panels/lab/labextensions/kjfp-opens/static/remoteEntry.js"
LITERAL = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'""")
SCREENS = [
    path
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    if "from kjfp_helpers import panels\\n" in path.read_text("utf-8")
]


def known_line():
    """The expression of the page's script for a line that it runs."""
    text = SCRIPT.read_text("utf-8")
    start = text.index("const CALL = new RegExp(")
    written = text[start : text.index(");\n", start)].partition("(")[2]
    literals = (double or single for double, single in LITERAL.findall(written))
    return re.compile("".join(literals).replace("\\\\", "\\"))


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_every_line_of_a_screen_is_one_that_the_page_runs(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    lines = [
        line
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ())
        for line in "".join(cell["source"]).split("\n")
    ]
    assert lines
    assert [line for line in lines if not known_line().search(line)] == []


def test_a_line_of_another_hand_is_not_run():
    assert not known_line().search("import os")
    assert not known_line().search("panels.show_start(session); import os")
