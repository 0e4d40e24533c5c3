"""What the mails of one mailbox say about each other."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kjfp_helpers.eligibility.history.message_sequence_checks import check_resubmissions
from kjfp_helpers.rules import load_round
from support.rounds.builders import IN_TIME, intake, mail, team


@pytest.fixture
def rules(rules_folder):
    return load_round(rules_folder)


def told(rules, *records, mails):
    found = check_resubmissions(rules, intake(*records, mails=mails))
    return {path: [one.code for one in listed] for path, listed in found.items()}


def test_a_changed_form_replaces_the_earlier_one_whatever_order_they_lie_in(rules):
    early, late = mail(2), mail(1, at=IN_TIME + timedelta(hours=1))
    records = team("甲队", receipt=2, expert_count=3), team("甲队", receipt=1, expert_count=4)
    assert told(rules, *records, mails=[late, early]) == {
        early.path: ["superseded"],
        late.path: ["resubmission"],
    }


def test_the_same_form_sent_again_and_another_form_replace_nothing(rules):
    first = team("甲队")
    again, other = replace(first, receipt=2), team("乙队", receipt=2)
    assert told(rules, first, again, other, mails=[mail(1), mail(2)]) == {}


def test_the_same_mail_twice_is_a_duplicate_and_no_version(rules):
    first, copy = mail(1), replace(mail(2), message_id="<1>")
    records = team("甲队"), team("甲队", receipt=2, expert_count=9)
    assert told(rules, *records, mails=[first, copy]) == {copy.path: ["duplicate_mail"]}


def test_senders_that_nobody_knows_are_told_apart_by_their_address(rules):
    mails = [replace(mail(1, ""), sender="a@x"), replace(mail(2, ""), sender="b@x")]
    records = team("甲队", ""), team("甲队", "", receipt=2, expert_count=9)
    assert told(rules, *records, mails=mails) == {}
    same = [replace(one, sender="a@x") for one in mails]
    assert "resubmission" in told(rules, *records, mails=same)[mails[1].path]


def test_a_mail_that_says_it_corrects_is_asked_about_where_the_earlier_one_is_missing(rules):
    one = replace(mail(1), subject="推荐表（更正，以此为准）")
    assert told(rules, team("甲队"), mails=[one]) == {one.path: ["resubmission"]}


def test_a_mail_after_the_last_day_is_late_and_an_undated_one_is_not(rules):
    late = mail(1, at=datetime.fromisoformat("2020-08-20T09:00:00+08:00"))
    undated = mail(2, at=None)
    records = team("甲队"), team("乙队", receipt=2)
    assert told(rules, *records, mails=[late, undated]) == {late.path: ["late"]}
