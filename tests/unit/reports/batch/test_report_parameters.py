"""Parameters: unknown, missing or of another type stop everything before anything runs."""

import json
import shutil
from pathlib import Path

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.reports.batch import batch_run as batch
from kjfp_helpers.reports.batch import parameter_check
from kjfp_helpers.reports.report_types import CASE_TYPE, REPORT_TYPES
from support.project import NOTEBOOKS

CELL = """name = "甲"  # 名称
count = 5  # 件数
share = 0.5  # 比例
whole = True  # 是否全部
limit: int = None  # 上限
anything = None  # 任意"""


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "99_example.ipynb"
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL}
    path.write_text(json.dumps({"cells": [cell]}), "utf-8")
    return path


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_every_notebook_has_the_parameters_that_papermill_sees(path):
    import papermill

    assert list(parameter_check.declared_types(path)) == list(papermill.inspect_notebook(str(path)))


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"name": "乙"}, {"name": "乙"}),
        ({"count": "12"}, {"count": 12}),
        ({"share": "0.25"}, {"share": 0.25}),
        ({"share": 1}, {"share": 1}),
        ({"whole": "否"}, {"whole": False}),
        ({"whole": "True"}, {"whole": True}),
        ({"limit": "3"}, {"limit": 3}),
        ({"anything": [1]}, {"anything": [1]}),
    ],
)
def test_text_is_read_as_the_type_of_the_annotation_or_the_default(notebook, given, taken):
    every = list(parameter_check.declared_types(notebook))
    settled = parameter_check.resolve_parameters(notebook, given, optional=every)
    assert settled == taken and [*map(type, settled.values())] == [*map(type, taken.values())]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"coutn": 1}, "是否要写“count”"),
        ({"count": "五"}, "整数"),
        ({"count": 1.5}, "整数"),
        ({"count": True}, "整数"),
        ({"share": "一半"}, "数"),
        ({"whole": "maybe"}, "True 或 False"),
        ({"whole": 1}, "True 或 False"),
        ({"limit": "x"}, "整数"),
        ({"name": 5}, "文字"),
    ],
)
def test_a_wrong_name_or_type_is_refused_in_words(notebook, given, told):
    every = list(parameter_check.declared_types(notebook))
    with pytest.raises(ParameterError, match=told):
        parameter_check.resolve_parameters(notebook, given, optional=every)


def test_a_missing_parameter_is_refused_unless_it_may_be_left(notebook):
    with pytest.raises(ParameterError, match="给出参数“count”"):
        parameter_check.resolve_parameters(
            notebook, {"name": "乙"}, optional=["share", "whole", "limit", "anything"]
        )


@pytest.mark.parametrize("content", ["", "{", "{}", '{"cells": [{}]}'])
def test_a_notebook_that_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(ParameterError, match="核对 notebooks 文件夹"):
        parameter_check.declared_types(path)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"with_stroy": "False"}, "是否要写“with_story”"),
        ({"with_story": "大概"}, "True 或 False"),
        ({"unit": "11"}, "逐份给出"),
        ({"x": "1"}, "报告笔记本有此参数"),
    ],
)
def test_the_batch_stops_before_anything_is_written(tmp_path, given, told):
    with pytest.raises(ParameterError, match=told):
        batch.run_batch(tmp_path, parameters=given)
    assert not list(tmp_path.iterdir())


def test_a_notebook_without_its_slice_stops_the_batch(tmp_path):
    notebooks = Path(shutil.copytree(NOTEBOOKS, tmp_path / "notebooks"))
    path = notebooks / CASE_TYPE.notebook
    path.write_text(path.read_text("utf-8").replace('"case = ', '"case_file = '), "utf-8")
    with pytest.raises(ParameterError, match="是否要写“case_file”"):
        batch.run_batch(tmp_path / "out", notebooks=notebooks)


def test_a_parameter_goes_to_the_notebooks_that_have_it_and_to_no_other():
    settled = parameter_check.resolve_all_parameters(NOTEBOOKS, {"with_story": "False"})
    assert settled == {
        kind: {"with_story": False} if kind is CASE_TYPE else {} for kind in REPORT_TYPES
    }
