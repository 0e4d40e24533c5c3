"""Modules joined into one: what is refused, and that no name of one meets another's."""

import shutil
import subprocess

import pytest

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules


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
