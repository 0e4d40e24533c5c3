"""Modules loaded before the kernels of report notebooks are forked."""

from importlib.util import find_spec

from kjfp_helpers.reports.batch.kernel_preload import REPORT_PRELOAD


def test_every_module_to_load_before_forking_exists():
    assert [name for name in REPORT_PRELOAD.modules if find_spec(name) is None] == []
