"""The batch: only what changed, on past failures, refused when misspelt, the same bytes each time."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from kjfp_helpers import reports
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.infra.page_scripts.table_script import export_script, page_script
from kjfp_helpers.reports.batch import batch_run as batch
from kjfp_helpers.reports.batch import notebook_runner
from kjfp_helpers.reports.batch.formats import pdf_printing
from kjfp_helpers.reports.batch.html_export import link_page
from kjfp_helpers.reports.batch.worker_pool import WorkerPool
from kjfp_helpers.reports.report_types import UNIT_TYPE, report_type_of
from support.project import NOTEBOOKS
from support.rounds.report_round import SCRIPT, make_state

pytestmark = pytest.mark.slow

FEW = ("office/11", "unit/11", "unit/13", "unit/S003", "overall", "cases/T13-1", "members/zj02")
PRINTER = """#!/bin/sh
for one; do case "$one" in *.docx) echo > "${one%docx}pdf";; esac; done
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Slices of a few units, and their reports made once."""
    folder = tmp_path_factory.mktemp("batch")
    state = make_state(folder / "round")
    data = folder / "out" / "reports" / "data"
    reports.write_report_data(state, data)
    for path in data.rglob("*.json"):
        if path.relative_to(data).with_suffix("").as_posix() not in FEW:
            path.unlink()
    done = batch.run_batch(folder / "out", jobs=3, stamp="as made")
    assert (sorted(done.new), done.skipped, done.failed) == (sorted(FEW), 0, ())
    return folder / "out"


@pytest.fixture
def copy(outputs, tmp_path):
    return Path(shutil.copytree(outputs, tmp_path / "elsewhere"))


@pytest.fixture(scope="module")
def run():
    """Run the batch with two workers that serve all tests: they are what takes long to start."""
    with WorkerPool(2) as workers:
        yield partial(batch.run_batch, executor=workers)


def _hashes(outputs):
    return {
        str(path.relative_to(outputs)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((outputs / "reports").rglob("*"))
        if path.is_file()
    }


def test_one_worker_elsewhere_with_another_hash_seed_leaves_the_bytes_of_three(outputs, tmp_path):
    shutil.copytree(outputs / "reports" / "data", tmp_path / "out" / "reports" / "data")
    code = "import pathlib, sys; from kjfp_helpers.reports.batch import batch_run; "
    code += "batch_run.run_batch(pathlib.Path(sys.argv[1]), jobs=1, stamp='as made')"
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "out"],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(NOTEBOOKS.parent)},
    )
    assert _hashes(tmp_path / "out") == _hashes(outputs)


@pytest.mark.parametrize("name", ["unit/11", "overall", "cases/T13-1", "members/zj02"])
def test_the_notebook_is_that_of_papermills_own_engine(outputs, monkeypatch, name):
    monkeypatch.setenv("MPLBACKEND", "agg")
    kind = report_type_of(name)
    done = notebook_runner.execute_notebook(
        NOTEBOOKS / kind.notebook,
        kind.values(name),
        folder=outputs,
        seconds=120,
        stock=True,
    )
    assert done.error is None
    made = (outputs / "reports" / f"{name}.ipynb").read_bytes()
    notebook = notebook_runner.remove_run_traces(done.notebook)
    link_page(notebook, name=name)
    assert notebook_runner.notebook_to_bytes(notebook) == made


def test_a_notebook_kept_looks_like_its_page_and_leads_to_it(outputs):
    for name, home in (("unit/11", "../"), ("cases/T13-1", "../")):
        notebook = json.loads((outputs / "reports" / f"{name}.ipynb").read_text("utf-8"))
        words = ["".join(cell["source"]) for cell in notebook["cells"]]
        page = f"[打开网页版]({name.rpartition('/')[2]}.html)　[返回报告目录]({home}index.html)"
        assert words[0] == page and not any("操作方法" in one for one in words)
        shown = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
        styled = [one for one in shown if "<style>" in "".join(one["data"].get("text/html", ""))]
        assert styled == shown[:1] and "".join(styled[0]["data"]["text/html"]).startswith("<style>")
        assert ".jp-Notebook" not in (outputs / "reports" / f"{name}.html").read_text("utf-8")


def test_on_papermills_own_kernels_the_reports_are_the_same(outputs, copy):
    for name in ("unit/11", "members/zj02"):
        for ending in (".html", ".ipynb"):
            (copy / "reports" / f"{name}{ending}").unlink()
    done = batch.run_batch(copy, stock_kernels=True, stamp="as made")
    assert sorted(done.new) == ["members/zj02", "unit/11"] and not done.failed
    assert _hashes(copy) == _hashes(outputs)


def test_nothing_changed_means_nothing_made(copy):
    done = batch.run_batch(copy)
    assert (done.made, done.skipped) == (0, len(FEW))


def test_one_changed_slice_means_one_report_and_a_lost_page_is_made_again(run, outputs, copy):
    (copy / "reports" / "unit/S003.html").unlink()
    path = copy / "reports" / "data" / "unit/11.json"
    content = json.loads(path.read_text("utf-8"))
    content["title"] = SCRIPT
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    done = run(copy)
    assert sorted(done.new) == ["unit/11", "unit/S003"] and done.skipped == len(FEW) - 2
    page = (copy / "reports" / "unit/11.html").read_text("utf-8")
    assert "&lt;script&gt;" in page and page.count("<script") == 1
    assert (copy / "reports/unit/S003.html").read_bytes() == (
        outputs / "reports/unit/S003.html"
    ).read_bytes()


def test_the_indexes_link_to_nothing_that_was_not_written(outputs):
    for page in outputs.glob("reports/**/index.html"):
        links = re.findall(r'href="([^"#]+)"', page.read_text("utf-8"))
        written = [link for link in links if not link.startswith("data:")]
        missing = [link for link in written if not (page.parent / unquote(link)).exists()]
        assert written and set(missing) <= {"changes.html"}  # the command writes it after these


def test_a_unit_that_left_takes_its_report_along(run, copy):
    (copy / "reports" / "data" / "unit/13.json").unlink()
    (copy / "reports" / "data" / "cases" / "T13-1.json").unlink()
    run(copy)
    assert not list((copy / "reports").glob("**/*13*"))
    assert "13.html" not in (copy / "reports" / "index.html").read_text("utf-8")


class _Tags(HTMLParser):
    """Collects tags and the addresses in them."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses |= {
            value or "" for name, value in attrs if name in ("src", "href", "srcset")
        }


def test_pages_need_nothing_from_outside_and_show_no_code(outputs):
    for path in (outputs / "reports").rglob("*.html"):
        page = path.read_text("utf-8")
        parser = _Tags()
        parser.feed(page)
        assert not parser.tags & {"link", "iframe", "object", "form"}
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL)
        assert all(
            given == ' type="module"'
            and text.strip() in (page_script().strip(), export_script().strip())
            for given, text in scripts
        )
        assert not [
            one for one in parser.addresses if "//" in one.removeprefix("data:image/png")[:12]
        ]
        assert '<html lang="zh-CN">' in page and "演练" in page
        assert "outputs_dir" not in page and "kjfp_helpers" not in page and "@import" not in page


def test_nothing_written_holds_a_path_of_this_machine_or_a_time(outputs):
    for path in (outputs / "reports").rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            text = path.read_text("utf-8")
            assert str(outputs) not in text and str(Path.home()) + "/" not in text
            assert "start_time" not in text and "duration" not in text


def test_every_executed_notebook_holds_its_parameters_and_all_its_outputs(outputs):
    notebook = nbformat.read(outputs / "reports" / "unit/11.ipynb", as_version=4)
    assert "papermill" not in notebook.metadata
    injected = next(cell for cell in notebook.cells if cell.id == "injected-parameters")
    assert 'unit = "11"' in injected.source and 'audience = "unit"' in injected.source
    shown = [cell for cell in notebook.cells if cell.id.startswith("cell-")]
    assert shown and all(len(cell.outputs) == 1 for cell in shown)


def test_a_unit_nobody_knows_is_refused_with_the_nearest(run, copy):
    with pytest.raises(ParameterError, match="S003"):
        run(copy, only=["S03"])


@pytest.fixture
def notebooks(tmp_path):
    return Path(shutil.copytree(NOTEBOOKS, tmp_path / "notebooks"))


def _spoil(notebooks, cell, source):
    path = notebooks / UNIT_TYPE.notebook
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[cell].source = source
    nbformat.write(notebook, path)


def test_a_failure_names_notebook_cell_and_reason_and_the_rest_is_made(run, copy, notebooks):
    _spoil(
        notebooks,
        3,
        'assert data["unit"]["code"] != "13", "坏数据"\nunit_report.render_verdict(data)',
    )
    done = run(copy, notebooks=notebooks, only=["11", "13"])
    assert "unit/11" in done.new and "cases/T13-1" in done.unchanged
    (failure,) = done.failures
    said = "笔记本或数据有误（AssertionError：坏数据）"
    assert (failure.name, failure.cell, failure.reason) == ("unit/13", "第4格", said)
    (line,) = done.failed
    assert all(
        word in line for word in ("07_unit_report", "坏数据", "reports/unit/13.failed.ipynb")
    )
    assert (copy / "reports" / "unit/13.failed.ipynb").exists()
    assert "旧件" in (copy / "reports" / "unit/13.html").read_text("utf-8")
    index = (copy / "reports" / "index.html").read_text("utf-8")
    assert "坏数据" in index and "unit/13.failed.ipynb" in index
    mended = run(copy, retry=True)
    assert (mended.new, mended.skipped) == (("unit/13",), 0) and not (
        copy / "reports" / "unit/13.failed.ipynb"
    ).exists()
    assert "旧件" not in (copy / "reports" / "unit/13.html").read_text("utf-8")


def test_a_notebook_that_does_not_end_is_stopped_and_told(run, copy, notebooks):
    _spoil(notebooks, 3, "import time\ntime.sleep(60)")
    done = run(copy, notebooks=notebooks, only=["11"], seconds=4)
    assert done.failures[0].reason == "超过时限4秒" and done.failures[0].cell == "第4格"


def test_a_kernel_that_dies_is_a_failure_of_its_notebook_only(run, copy, notebooks):
    _spoil(notebooks, 3, 'import os\ndata["unit"]["code"] == "13" and os._exit(1)')
    done = run(copy, notebooks=notebooks, only=["11", "13"])
    assert "unit/11" in done.new and "内核意外中止" in done.failed[0]


def test_a_notebook_that_takes_too_much_memory_is_told(run, copy, notebooks):
    _spoil(notebooks, 3, 'data["unit"]["code"] == "13" and bytearray(8 << 30)')
    done = run(copy, notebooks=notebooks, only=["11", "13"])
    (failure,) = done.failures
    assert (failure.name, failure.cell, failure.reason) == ("unit/13", "第4格", "内存超过2GB")


def test_a_torn_manifest_counts_as_none(run, copy):
    (copy / "reports" / "manifest.json").write_text("{")
    assert run(copy, only=["S003"]).made == 1


def test_what_a_killed_run_had_made_is_in_its_journal_and_its_torn_end_counts_for_nothing(
    run, copy
):
    reports_folder = copy / "reports"
    manifest = json.loads((reports_folder / "manifest.json").read_text("utf-8"))
    lines = [
        json.dumps({"name": name, "report": manifest["reports"][name], "failed": None})
        for name in FEW
    ]
    (reports_folder / "manifest.json").unlink()
    (reports_folder / "manifest.jsonl").write_text("\n".join(lines)[:-40], "utf-8")
    (reports_folder / "unit/11.html.tmp").write_text("<html>")
    done = run(copy, stamp="as made")
    assert done.new == (FEW[-1],)
    assert not list(reports_folder.rglob("*.tmp")) and not list(reports_folder.glob("*.jsonl"))
    assert json.loads((reports_folder / "manifest.json").read_text("utf-8")) == manifest


def test_only_a_run_after_which_all_stands_leaves_its_stamp(run, copy, notebooks):
    def stamp():
        return json.loads((copy / "reports" / "manifest.json").read_text("utf-8"))["stamp"]

    assert stamp() == "as made"
    _spoil(
        notebooks,
        3,
        'assert data["unit"]["code"] != "13", "坏数据"\nunit_report.render_verdict(data)',
    )
    run(copy, notebooks=notebooks, only=["S003"], stamp="one of many")
    assert stamp() == ""
    run(copy, notebooks=notebooks, stamp="one failed")
    assert stamp() == ""
    run(copy, stamp="whole again")
    assert stamp() == "whole again"


def test_papers_are_the_units_alone_go_with_a_failure_and_scans_beside_them_stay(
    run, copy, notebooks
):
    folder = copy / "reports"
    scan = folder / "unit/13-盖章.pdf"
    scan.write_bytes(b"%PDF-")
    done = run(copy, only=["11", "13"], formats=[".docx"])
    papers = [folder / "unit/11.docx", folder / "unit/13.docx"]
    assert not done.failures and sorted(folder.rglob("*.docx")) == papers
    _spoil(notebooks, 3, 'assert data["unit"]["code"] != "13"\nunit_report.render_verdict(data)')
    assert run(copy, notebooks=notebooks, only=["11", "13"]).failures
    assert sorted(folder.rglob("*.docx")) == papers[:1]
    run(copy, retry=True)
    assert sorted(folder.rglob("*.docx")) == papers and scan.exists()


def test_a_print_that_fails_stops_no_batch_and_is_made_again(run, copy, tmp_path, monkeypatch):
    folder, printer = copy / "reports", tmp_path / "printer"
    printer.write_text(PRINTER)
    printer.chmod(0o755)
    (folder / "unit/11.pdf").write_bytes(b"a stamped scan")
    with monkeypatch.context() as broken:
        broken.setattr(pdf_printing, "find_libreoffice", lambda: "/bin/false")
        done = run(copy, only=["11"], formats=[".docx", ".pdf"])
    (failure,) = done.failures
    assert failure.name == "unit/11" and "未能打印" in failure.reason
    index = (folder / "index.html").read_text()
    assert (folder / "unit/11.docx").exists() and "未能打印" in index
    assert "网页已更新" in index and "旧件" not in index  # only its print is not there
    assert (folder / "unit/11-自存1.pdf").read_bytes() == b"a stamped scan"
    assert any("unit/11.pdf" in note and "未覆盖" in note for note in done.notes)
    assert not (folder / "manifest.jsonl").exists()
    with monkeypatch.context() as mended:
        mended.setattr(pdf_printing, "find_libreoffice", lambda: str(printer))
        assert run(copy, retry=True).new == ("unit/11",)
        assert run(copy).made == 0
    assert (folder / "unit/11.pdf").exists() and not (folder / "unit/11-自存2.pdf").exists()
