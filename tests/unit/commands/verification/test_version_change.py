"""What another version of the program derives otherwise is told as such before anybody is accused."""

from datetime import UTC, datetime

import pytest

from kjfp_helpers.commands.verification.decision_check import (
    OtherNamesError,
    describe_other_version,
)
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import Event, EventLog, OutputsRecorded, ShortlistComputed
from kjfp_helpers.reports.output_record import program_versions

ERROR = verification_error("名次", "校验值1", "2（入围名单相同）")
NAMES = OtherNamesError("核验·名次", expected="1", found="2（入围名单有出入：T1）", advice="查明")
THEN = {"code": "0123456789abcdef"}


def ledger(*versions):
    """Return a list, then outputs recorded by these versions, one after the other."""
    bodies = [ShortlistComputed(digest="", team=(), individual=())]
    bodies += [
        OutputsRecorded(command="check", papers={}, made_with={**program_versions(), **one})
        for one in versions
    ]
    at = datetime(2020, 9, 1, tzinfo=UTC)
    return EventLog(
        Event(seq=seq, at=at, actor="秘书", body=body) for seq, body in enumerate(bodies, 1)
    )


@pytest.mark.parametrize("error", [ERROR, NAMES])
def test_a_difference_under_the_version_that_recorded_is_told_as_it_is(error):
    for versions in ((), ({},), ({}, THEN)):  # what a later version made is not the list
        with pytest.raises(DifferenceError) as caught:
            describe_other_version(error, ledger(*versions), ShortlistComputed)
        assert caught.value is error


def test_values_of_another_version_are_a_state_of_their_own_with_the_next_step():
    told = describe_other_version(ERROR, ledger(THEN, {}), ShortlistComputed)
    assert told.startswith("名次，当时由别的程序版本得出（本程序 当时0123456789abcdef、本机")
    assert "不能判定有无改动。下一步：用当时的程序版本核验（当时所做档案的 program/ 中有" in told


def test_other_names_on_the_list_of_another_version_stay_a_difference():
    with pytest.raises(DifferenceError, match=r"T1.*别的程序版本.*请先用当时的程序版本核验"):
        describe_other_version(NAMES, ledger(THEN), ShortlistComputed)
