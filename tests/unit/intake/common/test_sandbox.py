"""Errors in the sandbox process: those of the package itself are told."""

import time

import pytest

from kjfp_helpers.intake.common.bug_detection import collect_warnings
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_patiently,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.workbooks.cell_values import column_letters
from kjfp_helpers.intake.documents.workbooks.reader import parse_legacy_workbook


def test_a_bug_in_the_sandbox_is_told_and_a_broken_file_is_not():
    with collect_warnings() as told, pytest.raises(SandboxedCallFailed, match="TypeError"):
        run_sandboxed(column_letters, "A")
    assert len(told) == 1 and "TypeError" in told[0]
    with collect_warnings() as told, pytest.raises(SandboxedCallFailed):
        run_sandboxed(parse_legacy_workbook, b"no workbook")
    assert told == []


def test_a_call_may_be_given_less_or_more_time_than_a_file_of_the_mail():
    with pytest.raises(SandboxLimitExceeded):
        run_patiently(0.2, time.sleep, 20)
    assert run_patiently(20, column_letters, 28) == run_sandboxed(column_letters, 28)
