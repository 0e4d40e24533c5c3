"""What another version of the program derives otherwise is told as such before anybody is accused."""

from datetime import UTC, datetime

from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.commands.verification.output_check import with_version_change
from kjfp_helpers.core.events import Event, EventLog, OutputsRecorded
from kjfp_helpers.reports.output_record import program_versions

ERROR = verification_error("入围名单", "校验值1", "2")


def recorded(**versions):
    body = OutputsRecorded(command="check", papers={}, made_with={**program_versions(), **versions})
    at = datetime(2020, 9, 1, tzinfo=UTC)
    return EventLog([Event(seq=1, at=at, actor="秘书", body=body)])


def test_a_difference_under_the_version_that_recorded_is_told_as_it_is():
    assert with_version_change(ERROR, recorded()) is ERROR
    assert with_version_change(ERROR, EventLog([])) is ERROR


def test_under_another_version_the_first_advice_is_to_verify_with_that_of_the_record():
    told = str(with_version_change(ERROR, recorded(code="0123456789abcdef")))
    assert "核验·入围名单：应为校验值1，实为2；台账出自别的程序版本" in told
    assert "本程序 当时0123456789abcdef" in told
    assert told.endswith(
        "请先用原来的版本核验（档案的 program/ 中有），仍不符的停止公布，对照备份查明原因。"
    )
