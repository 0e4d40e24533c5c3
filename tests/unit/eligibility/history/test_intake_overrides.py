"""Decisions on the mail, in whatever order they came."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import (
    Event,
    EventLog,
    FormEntered,
    FormWithdrawn,
    MailReceived,
    MaterialClassified,
    SenderRemembered,
    UnitAssigned,
)
from kjfp_helpers.core.records import File, Record, Section, Summary
from kjfp_helpers.eligibility import collect_submissions
from kjfp_helpers.rules import load_round
from support.rounds.builders import intake, mail, person
from support.thoroughness import times

AT = datetime(2020, 8, 20, tzinfo=UTC)
RECEIPTS = (1, 2, 3)
RECEIPT = st.sampled_from(RECEIPTS)
UNIT = st.sampled_from(("", "62", "52"))
FORM = File(path="表.docx", sha256="0" * 64, size=1, kind="unknown")
STORY = Summary(sections=(Section(heading="", text="事迹" * 30),))


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def texts(receipt):
    """Name the record that was read, the loose text and a typed form of a message."""
    return [f"{receipt}-1", f"{receipt}-u1", f"{receipt}-t1"]


RECORD = RECEIPT.flatmap(lambda receipt: st.sampled_from(texts(receipt)))
DECISIONS = st.lists(
    st.one_of(
        st.builds(
            lambda receipt, record, unit: UnitAssigned(
                receipt=receipt,
                record=record and texts(receipt)[record - 1],
                unit=unit,
                reason="见",
            ),
            RECEIPT,
            st.integers(0, 3),
            UNIT,
        ),
        st.builds(
            SenderRemembered,
            address=st.sampled_from(("甲@x", "乙@x")),
            unit=UNIT,
            reason=st.just("见"),
        ),
        st.builds(
            MaterialClassified,
            record=RECORD,
            kind=st.sampled_from(("", "summary", "story_attachment")),
            reason=st.just("见"),
        ),
        st.builds(
            lambda receipt: FormEntered(
                record=f"{receipt}-t1", kind="team", receipt=receipt, path=FORM.path, reason="见"
            ),
            RECEIPT,
        ),
        st.builds(FormWithdrawn, record=RECORD, reason=st.just("见")),
    ),
    max_size=6,
)


def messages(units, names):
    """Return three messages of two addresses, each with a form and a text that nobody sorted."""
    mails = [
        replace(mail(n, unit), sender="甲乙甲"[n - 1] + "@x", files=(FORM,))
        for n, unit in zip(RECEIPTS, units, strict=True)
    ]
    records = [
        person(name, one.unit, receipt=one.receipt) for name, one in zip(names, mails, strict=True)
    ]
    loose = tuple(
        Record(
            id=f"{one.receipt}-u1",
            kind="unsorted",
            unit=one.unit,
            receipt=one.receipt,
            source=f"{one.path}/事迹.docx",
            sha256="1" * 64,
            body=STORY,
        )
        for one in mails
    )
    return replace(intake(*records, mails=mails), loose=loose)


@settings(max_examples=times(26, 80), deadline=None)
@given(
    units=st.tuples(UNIT, UNIT, UNIT),
    names=st.tuples(*[st.sampled_from(("测试甲", "测试乙"))] * 3),
    decisions=DECISIONS,
)
def test_no_order_of_decisions_fails_or_moves_another_case_to_a_new_number(
    rules, units, names, decisions
):
    read = messages(units, names)
    entered = [one for one in decisions if isinstance(one, FormEntered)]
    assume(len(set(entered)) == len(entered))
    came = [MailReceived(number=n, path=f"{n:04}.eml", sha256=f"{n:064}") for n in RECEIPTS]
    events = EventLog(
        Event(seq=n, at=AT, actor="秘书", body=body)
        for n, body in enumerate((*came, *decisions), 1)
    )
    before = {}
    for end in range(len(came), len(events) + 1):
        got = collect_submissions(rules, read, EventLog(events[:end]))
        numbers = {(case.record.id, case.unit): case.id for case in got.nominations}
        assert all(numbers[one] == before[one] for one in numbers.keys() & before.keys())
        before = numbers
