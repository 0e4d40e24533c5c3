"""Lab's page around a screen: what is left out, and what is put in."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from kjfp_helpers.panels.lab.page_shell import UNNEEDED, install_page_shell, shape_page

OTHERS = ("outputs/r/workbook/11_explore.ipynb", "notebooks/04_scoring.ipynb", "own/packets.ipynb")


def config(path, mode="single-document", root=""):
    return {
        "serverRoot": root,
        "mode": mode,
        "treePath": path,
        "disabledExtensions": ["kept"],
        "fullStaticUrl": "/static/lab",
        "federated_extensions": [
            {"name": "kjfp-opens", "load": "static/remoteEntry.js"},
            {"name": "somebody-s-sidebar", "load": "static/remoteEntry.1.js"},
        ],
    }


@pytest.fixture(scope="module")
def page():
    from jupyterlab.commands import get_app_dir

    environment = Environment(
        loader=FileSystemLoader(Path(get_app_dir()) / "static"), autoescape=True
    )
    install_page_shell(environment)

    def render(path, mode="single-document", root=""):
        values = {"base_url": "/", "ws_url": "", "page_config": config(path, mode, root)}
        return environment.get_template("index.html").render(values)

    return render


def test_a_packet_by_itself_has_no_part_of_lab_that_it_does_not_need():
    given = config("outputs/r/packets/M01.ipynb")
    shaped = shape_page(given)
    assert {"kept", *UNNEEDED} == set(shaped["disabledExtensions"])
    (own,) = shaped["federated_extensions"]
    assert own["name"] == "kjfp-opens" and "?v=" in own["load"]  # browsers keep it for a year
    assert given == config("outputs/r/packets/M01.ipynb")


@pytest.mark.parametrize("path", OTHERS)
def test_every_other_page_keeps_all_of_lab(path, page):
    shaped = shape_page(config(path))
    assert shaped["disabledExtensions"] == ["kept"] and shaped["buildCheck"] is False
    whole = config("outputs/r/packets/M01.ipynb", "multiple-document")
    assert len(shape_page(whole)["federated_extensions"]) == 2
    assert 'id="kjfp-splash"' not in page(path)


def test_the_first_bytes_of_a_packet_s_page_say_in_chinese_that_it_opens(page):
    text = page("outputs/r/packets/M01.ipynb")
    body = text[text.index("<body") :]
    assert body.index("正在打开评分页…") < body.index("<script")
    assert "正在打开页面…" in page("outputs/r/workbook/00_start.ipynb")


def test_a_packet_that_does_not_stand_is_told_instead_of_waited_for(page, tmp_path):
    text = page("outputs/r/packets/M<99.ipynb", root=str(tmp_path))
    assert "没有找到这一页" in page("/outputs/r/packets/M99.ipynb", root=str(tmp_path))
    assert "正在打开评分页…" not in text and "M<99" not in text
    (tmp_path / "packets").mkdir()
    (tmp_path / "packets" / "M01.ipynb").write_text("{}")
    assert "正在打开评分页…" in page("/packets/M01.ipynb", root=str(tmp_path))
