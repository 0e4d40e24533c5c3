"""The page's script: linted, type-checked, and joined into one module that a browser can load."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kjfp_helpers.panels.widgets.esm_bundle import bundle_modules
from support.project import PROJECT, TESTS

CHECKS = TESTS / "javascript"
PANELS = PROJECT / "kjfp_helpers" / "panels"
PAGE = PANELS / "widgets" / "page"
ENTRIES = sorted(path.name for path in PAGE.glob("*.js") if "export default" in path.read_text())
SCOPE = re.compile(r"^const (\$\w+) = \(\(\) => \{$", re.MULTILINE)


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """Folder with the linter and the type checker, installed once a run from their pinned versions."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed: apt-get install nodejs npm")
    folder = Path(os.environ.get("KJFP_NODE_TOOLS") or tmp_path_factory.mktemp("node"))
    shutil.copy(CHECKS / "package.json", folder)
    install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    run(install, cwd=folder)
    return folder / "node_modules" / ".bin"


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    assert not done.returncode, done.stdout + done.stderr


@pytest.mark.node
def test_script_is_formatted_and_linted(tools):
    run([tools / "biome", "check", "--error-on-warnings", f"--config-path={CHECKS}", PANELS])


@pytest.mark.node
def test_script_is_type_checked(tools):
    run([tools / "tsc", "-p", CHECKS / "tsconfig.json"])


@pytest.mark.node
@pytest.mark.parametrize("entry", ENTRIES)
def test_joined_module_parses(entry, tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: apt-get install nodejs npm")
    module = tmp_path / "page.mjs"
    module.write_text(bundle_modules(PAGE / entry), "utf-8")
    run([node, "--check", module])


def test_every_module_is_joined_once_and_no_name_of_one_meets_another_s():
    joined = [SCOPE.findall(bundle_modules(PAGE / entry)) for entry in ENTRIES]
    assert all(len(scopes) == len(set(scopes)) for scopes in joined)
    sources = [path for path in PAGE.rglob("*.js") if path.name not in ENTRIES]
    assert len(set().union(*joined)) == len(sources)
    assert bundle_modules(PAGE / "panel.js") == bundle_modules(PAGE / "panel.js")


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_text_spans_lines_since_their_indentation_is_left_out(entry):
    for path in PAGE.rglob("*.js"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{path.name}:{number}"


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "entry.js"


def test_modules_that_import_each_other_are_refused(tmp_path):
    entry = write(
        tmp_path,
        entry='import { a } from "./one.js";\na();\n',
        one='import { b } from "./two.js";\nexport function a() { b(); }\n',
        two='import { a } from "./one.js";\nexport function b() { a(); }\n',
    )
    with pytest.raises(ValueError, match=r"entry\.js -> one\.js -> two\.js -> one\.js"):
        bundle_modules(entry)


@pytest.mark.parametrize(
    "text",
    [
        'import * as all from "./one.js";\n',
        'import one from "./one.js";\n',
        'import { one } from "elsewhere";\n',
        "export let one = 1;\n",
        "export { one };\n",
        'export * from "./one.js";\n',
    ],
)
def test_a_form_that_cannot_be_joined_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"entry\.js: cannot be joined"):
        bundle_modules(write(tmp_path, entry=text))


def test_names_are_renamed_at_import_and_modules_share_one_state(tmp_path):
    entry = write(
        tmp_path,
        entry='import { next as first } from "./left.js";\nimport {\n  next,\n} from "./right.js";\n'
        "export default [first(), next()];\n",
        left='import { count } from "./count.js";\nexport const next = () => count();\n',
        right='import { count } from "./count.js";\nexport const next = () => count();\n',
        count="let state = 0; // shared\nexport function count() {\n  state += 1;\n  return state;\n}\n",
    )
    joined = bundle_modules(entry)
    assert joined.count("let state") == 1
    node = shutil.which("node")
    if node:
        script = (
            joined.replace("export default", "console.log(").rstrip().removesuffix(";") + ");\n"
        )
        done = subprocess.run(
            [node, "--input-type=module", "-e", script], capture_output=True, text=True
        )
        assert done.stdout.split() == ["[", "1,", "2", "]"], done.stderr
