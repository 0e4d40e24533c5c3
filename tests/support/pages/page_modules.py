"""Modules of the page, run in Node without a browser."""

import json
import shutil
import subprocess

import pytest

from support.project import PROJECT

PAGE = PROJECT / "kjfp_helpers" / "panels" / "widgets" / "page"


class PageModules:
    """A copy of a folder of modules that Node can import, by default the packet page's."""

    def __init__(self, folder, source=PAGE):
        self.node = shutil.which("node")
        if not self.node:
            pytest.skip("node is not installed: apt-get install nodejs npm")
        shutil.copytree(source, folder)
        (folder / "package.json").write_text('{"type": "module"}', "utf-8")
        self.folder = folder

    def map(self, imports, function, values):
        """Return what a JavaScript function returns for each value.

        ``imports`` are the import statements, relative to that folder.
        """
        script = self.folder / "run.js"
        script.write_text(
            f'import {{ readFileSync }} from "node:fs";\n{imports}\n'
            f'const values = JSON.parse(readFileSync(0, "utf-8"));\n'
            f"console.log(JSON.stringify(values.map({function})));\n",
            "utf-8",
        )
        done = subprocess.run(
            [self.node, script],
            input=json.dumps(values),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)
