"""The page's script: linted, type-checked, and joined into one module that a browser can load."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.infra.page_scripts.table_script import FOLDER
from support.browser.page_checks import install_node_tools
from support.project import PROJECT, TESTS

CHECKS = TESTS / "javascript"
PANELS = PROJECT / "kjfp_helpers" / "panels"
PAGE = PANELS / "widgets" / "page"
FOLDERS = (PAGE, FOLDER)
ENTRIES = sorted(
    path
    for folder in FOLDERS
    for path in folder.glob("*.js")
    if "export default" in path.read_text() or path.name in ("page.js", "shortTables.js")
)
SCOPE = re.compile(r"^const (\$\w+) = \(\(\) => \{$", re.MULTILINE)


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """Folder with the linter and the type checker, installed once a run from their pinned versions."""
    folder = Path(os.environ.get("KJFP_NODE_TOOLS") or tmp_path_factory.mktemp("node"))
    return install_node_tools(folder) / ".bin"


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    assert not done.returncode, done.stdout + done.stderr


@pytest.mark.node
def test_script_is_formatted_and_linted(tools):
    checked = (PANELS, FOLDER)
    run([tools / "biome", "check", "--error-on-warnings", f"--config-path={CHECKS}", *checked])


@pytest.mark.node
def test_script_is_type_checked(tools):
    run([tools / "tsc", "-p", CHECKS / "tsconfig.json"])


@pytest.mark.node
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_joined_module_parses(entry, tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: apt-get install nodejs npm")
    module = tmp_path / "page.mjs"
    module.write_text(bundle_modules(entry), "utf-8")
    run([node, "--check", module])


def test_every_module_is_joined_once_and_no_name_of_one_meets_another_s():
    joined = {path: SCOPE.findall(bundle_modules(path)) for path in ENTRIES}
    assert all(len(scopes) == len(set(scopes)) for scopes in joined.values())
    for folder in FOLDERS:
        sources = [path for path in folder.rglob("*.js") if path not in ENTRIES]
        held = set().union(*(joined[path] for path in ENTRIES if path.parent == folder))
        assert len(held) == len(sources)
    assert bundle_modules(PAGE / "panel.js") == bundle_modules(PAGE / "panel.js")


def test_no_text_spans_lines_since_their_indentation_is_left_out():
    for path in (*PAGE.rglob("*.js"), *FOLDER.rglob("*.js")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{path.name}:{number}"
