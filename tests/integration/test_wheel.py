"""The package installs like any other: a wheel, in an empty folder, without the checkout."""

import hashlib
import json
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from importlib.metadata import version

import pytest

from kjfp_helpers.infra.step_stamps import STAMPS_FOLDER
from support.processes.installed_wheel import build_wheel, clean_environment, install_wheel
from support.project import NOTEBOOKS, PROJECT, RULES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def kjfp(wheel, tmp_path_factory):
    """Run the installed ``kjfp`` in an empty folder; return its exit code and what it printed."""
    programs = install_wheel(wheel, tmp_path_factory.mktemp("environment"))
    folder = tmp_path_factory.mktemp("empty")

    def run(*arguments: str, **environment: str):
        done = subprocess.run(
            [programs / "kjfp", *arguments],
            cwd=folder,
            env=clean_environment(**environment),
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    run.program, run.folder = programs / "kjfp", folder
    return run


@pytest.fixture(scope="module")
def reviewed(kjfp):
    """A small rehearsal with few seats, made and run there."""
    code, output = kjfp("rehearse", "data/rehearsal", "--units", "6")
    assert code == 0, output
    notice = kjfp.folder / "data" / "rehearsal" / "notice.toml"
    text = notice.read_text("utf-8")
    text = text.replace("teams = 20", "teams = 2").replace("individuals = 50", "individuals = 3")
    notice.write_text(text.replace('value = "adjusted"', 'value = "mean"'), "utf-8")
    return kjfp("run", PYTHONHASHSEED="1", TZ="UTC1")


def test_the_wheel_carries_notebooks_and_rule_files_and_no_tools(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    carried = {name.rpartition("/")[2] for name in names if "/bundled/" in name}
    wanted = {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    assert carried == wanted | {path.name for path in RULES.glob("*.csv")} | {
        path.name for path in RULES.glob("*.toml")
    }
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"kjfp_helpers"}
    tools = ("node_modules", "tsconfig", "biome", "package-lock", ".md")
    assert not [name for name in names if any(tool in name for tool in tools)]
    assert [name for name in names if name.endswith("package.json")] == [
        "kjfp_helpers/panels/lab/labextensions/kjfp-opens/package.json"
    ]


def test_the_wheel_carries_every_file_that_the_package_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = (".py", ".j2", ".css", ".js", ".json", ".typed")
    tracked = subprocess.run(
        ["git", "ls-files", "kjfp_helpers"], cwd=PROJECT, capture_output=True, text=True
    ).stdout.splitlines()
    if not tracked:
        pytest.skip("the checkout is no git repository")
    assert not [name for name in tracked if name.endswith(kinds) and name not in names]


def test_the_version_is_the_one_of_the_project_file(kjfp):
    declared = re.search(r'^version = "(.*)"$', (PROJECT / "pyproject.toml").read_text(), re.M)[1]
    assert kjfp("--version") == (0, f"kjfp {declared}\n") and version("kjfp-helpers") == declared


def test_a_whole_review_runs_where_it_is_started(kjfp, reviewed):
    code, output = reviewed
    assert code == 0, output
    assert sorted(path.name for path in kjfp.folder.iterdir()) == ["data", "outputs"]
    outputs = kjfp.folder / "outputs" / "rehearsal"
    for name in ("shortlist.xlsx", "reports/index.html", "exhibition/index.html", "workbook"):
        assert (outputs / name).exists()


def test_run_again_from_nothing_under_another_seed_and_clock_gives_the_same_bytes(kjfp, reviewed):
    outputs = kjfp.folder / "outputs" / "rehearsal"
    before = hashes(outputs)
    shutil.rmtree(outputs)
    code, output = kjfp("run", PYTHONHASHSEED="9", TZ="UTC9")
    assert code == 0, output
    after = hashes(outputs)
    assert len(before) > 100
    assert {name.rpartition(".")[2] for name in before} >= {"xlsx", "docx", "ipynb", "html"}
    assert {name for name in before | after if before.get(name) != after.get(name)} == set()


def test_files_are_read_by_the_rules_that_came_with_the_package(kjfp, reviewed):
    mail = sorted((kjfp.folder / "data" / "rehearsal" / "inbox").glob("*.eml"))[0]
    code, output = kjfp("extract", "--json", str(mail))
    assert code == 0 and json.loads(output.splitlines()[0])["kind"] == "mail"


def test_commands_below_the_folder_find_the_same_round(kjfp, reviewed):
    done = subprocess.run(
        [kjfp.program, "check"],
        cwd=kjfp.folder / "outputs" / "rehearsal",
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (kjfp.folder / "outputs" / "rehearsal" / "data").exists()


def test_the_workbook_opens_in_jupyterlab(kjfp, reviewed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"ServerApp": {"open_browser": False, "port": port, "port_retries": 0}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(settings))
    lab = subprocess.Popen(
        [kjfp.program, "lab"],
        cwd=kjfp.folder,
        env=clean_environment(JUPYTER_CONFIG_DIR=str(tmp_path), JUPYTER_TOKEN="practice"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    page = "outputs/rehearsal/workbook/00_start.ipynb"
    try:
        answer = _get(f"http://127.0.0.1:{port}/api/contents/{page}?token=practice", lab)
        assert json.loads(answer)["type"] == "notebook"
        assert b"JupyterLab" in _get(f"http://127.0.0.1:{port}/lab/tree/{page}?token=practice", lab)
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.communicate(timeout=30)


def hashes(folder):
    """Return the files by name; stamps say of which state of the ledger they were made."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and STAMPS_FOLDER not in path.parts
    }


def _get(address: str, server: subprocess.Popen) -> bytes:
    """Return what a server answers, as soon as it does."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.read()
        except urllib.error.URLError:
            assert server.poll() is None, server.communicate()[0]
            assert time.monotonic() < end
            time.sleep(0.3)
