"""Modules loaded before workers and the kernels of report notebooks are forked."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from kjfp_helpers.reports.batch.kernel_preload import REPORT_PRELOAD

UNUSED = ("bs4", "bleach", "requests", "docx", "numpy")
"""What reports without further formats never use, and takes long to load."""


def test_every_module_to_load_before_forking_exists():
    assert [name for name in REPORT_PRELOAD.modules if find_spec(name) is None] == []


@pytest.mark.slow
def test_a_worker_loads_only_what_makes_pages_and_can_still_clean_one():
    script = (
        "import sys\n"
        "from kjfp_helpers.reports.batch.worker_pool import prepare_worker\n"
        "prepare_worker()\n"
        f"print(sorted(set({UNUSED}) & set(sys.modules)))\n"
        "from nbconvert.filters import clean_html\n"
        "print(clean_html('<b>甲</b><script>乙</script>'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "<b>甲</b>&lt;script&gt;乙&lt;/script&gt;"], (
        done.stderr
    )
