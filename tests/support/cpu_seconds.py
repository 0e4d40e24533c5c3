"""Which test files cost most: CPU seconds of tests and of the processes they waited for.

``pytest --cpu-seconds 20`` prints the twenty dearest files and tests. CPU seconds, unlike wall
seconds, hardly change when the machine has other work.
"""

import os
from collections import Counter

import pytest

_BEFORE = pytest.StashKey[float]()


def pytest_addoption(parser):
    parser.addoption("--cpu-seconds", type=int, metavar="N", help="print the N dearest files")


def _spent():
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    item.stash[_BEFORE] = _spent()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    now = _spent()
    report.cpu_seconds = now - item.stash[_BEFORE]
    item.stash[_BEFORE] = now
    return report


def pytest_terminal_summary(terminalreporter, config):
    count = config.getoption("--cpu-seconds")
    if not count:
        return
    files, tests = Counter(), Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            seconds = getattr(report, "cpu_seconds", 0.0)
            if seconds:
                files[report.nodeid.partition("::")[0]] += seconds
                tests[f"{report.nodeid} {report.when}"] += seconds
    terminalreporter.section("CPU seconds")
    terminalreporter.write_line(f"{sum(files.values()):8.1f} in all")
    for counter in (files, tests):
        for name, seconds in counter.most_common(count):
            terminalreporter.write_line(f"{seconds:8.1f} {name}")
