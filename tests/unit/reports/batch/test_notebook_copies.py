"""Copies of notebooks are made without what papermill would import for nothing."""

import subprocess
import sys

import pytest

from kjfp_helpers.infra.bundled_files import NOTEBOOKS

COPY = """
import sys
from pathlib import Path
from kjfp_helpers.reports.batch.notebook_runner import set_parameters
set_parameters(Path(sys.argv[1]), {})
print([name for name in ("lark", "arrow") if name in sys.modules])
"""


@pytest.mark.slow
def test_a_copy_of_a_notebook_builds_no_grammar_of_addresses():
    notebook = sorted(NOTEBOOKS.glob("*.ipynb"))[0]
    done = subprocess.run(
        [sys.executable, "-c", COPY, str(notebook)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
