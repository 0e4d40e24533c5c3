"""What the browser tests share: one JupyterLab and one Chromium a worker process."""

from pathlib import Path

import pytest

from support.browser.shared_lab import SharedLab

FOLDER = Path(__file__).parent
SHARED = SharedLab()


@pytest.fixture(scope="module")
def browser(chromium):
    return SHARED.browser(chromium)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = SHARED.lab(tmp_path_factory.getbasetemp())
    yield lab
    lab.end_kernels()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem):
    """After the last browser test in a row both end."""
    try:
        return (yield)
    finally:
        if nextitem is None or FOLDER not in nextitem.path.parents:
            SHARED.close()


def pytest_sessionfinish():
    """When the run was broken off they end too."""
    SHARED.close()
