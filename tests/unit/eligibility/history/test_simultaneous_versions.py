"""Several versions of one nominee in one message: copies, a proposal, and a person's choice."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import Event, VersionChosen
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.eligibility.history.versions import check_replaced, latest_versions
from support.rounds.builders import person, stocktake

AT = datetime(2020, 8, 20, tzinfo=UTC)
NAMES = ("推荐表（最终版）.docx", "推荐表.docx", "推荐表20200801.docx", "推荐表-修改.doc")


def form(serial, name, receipt=1, codes=(), **values):
    source = f"inbox/{receipt:04}.eml/{name}"
    values = {"story": "事迹", "address": "某路", "people_lifted": 10} | values
    findings = [Finding(code=code, expected="某", found="某", source=source) for code in codes]
    made = person("测试甲", serial=serial, receipt=receipt, findings=findings, **values)
    return replace(made, source=source, sha256=f"{serial:064}")


def chosen(record, *records):
    body = VersionChosen(record=record, records=tuple(r.id for r in records), reason="已核实")
    return Event(seq=1, at=AT, actor="秘书", body=body)


def codes(records, events=()):
    current, replaced = latest_versions(records, events)
    return [finding.code for finding in check_replaced(replaced, current, ())]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_fuller_one_is_proposed_in_any_order_and_the_question_stands(order):
    forms = [
        form(1, "推荐表.docx", people_lifted=1300),
        form(2, "推荐表（最终版）.docx", address=None),
        form(3, "推荐表20200801.docx", address=None, story=None),
    ]
    ordered = [forms[n] for n in order]
    (current,), replaced = latest_versions(ordered)
    assert current.id == forms[0].id and {pair.why for pair in replaced} == {"open"}
    (question,) = check_replaced(replaced, [current], ())
    assert question.code == "versions_differ" and question.source == current.source
    assert "推荐表(最终版).docx" in question.found and "带动脱贫贫困人口数" in question.found


@settings(deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True), st.data())
def test_a_choice_holds_until_another_or_none_is_made(names, data):
    forms = [form(n, name, people_lifted=n) for n, name in enumerate(names, 1)]
    choice = data.draw(st.sampled_from(forms))
    (current,), replaced = latest_versions(forms, [chosen(choice.id, *forms)])
    assert current.id == choice.id and {pair.why for pair in replaced} == {"chosen"}
    assert codes(forms, [chosen(choice.id, *forms)]) == []
    assert codes(forms, [chosen(choice.id, *forms), chosen("", *forms)]) == ["versions_differ"]


def test_a_choice_made_before_another_version_was_known_does_not_hold_for_it():
    forms = [form(n, name, people_lifted=n) for n, name in enumerate(NAMES[:3], 1)]
    assert codes(forms, [chosen(forms[0].id, *forms[:2])]) == ["versions_differ"]


def test_the_same_form_twice_is_a_copy_and_no_question():
    forms = [form(1, "推荐表.docx"), form(2, "推荐表（2）.docx")]
    (_,), (pair,) = latest_versions(forms)
    assert pair.why == "copy" and codes(forms) == []


@pytest.mark.parametrize("first", [0, 1])
def test_the_pdf_of_a_word_form_is_its_copy_and_lends_it_seal_and_photo(first):
    forms = [
        form(1, "推荐表.docx", codes=("seal_missing", "photo_missing"), story="长期 深入，乡村。"),
        form(2, "推荐表.pdf", codes=("photo_missing",), story="长期深入,乡村", address=None),
    ]
    ordered = forms[first:] + forms[:first]
    (current,), (pair,) = latest_versions(ordered)
    assert current.id == forms[0].id and pair.why == "copy" and codes(ordered) == []
    assert [finding.code for finding in current.findings] == ["photo_missing"]


def test_a_pdf_with_another_figure_is_another_version():
    forms = [form(1, "推荐表.docx"), form(2, "推荐表.pdf", people_lifted=12)]
    assert codes(forms) == ["versions_differ"]


def test_a_later_message_ends_the_question():
    forms = [form(1, "推荐表.docx"), form(2, "推荐表（最终版）.docx", people_lifted=12)]
    later = form(1, "推荐表.docx", receipt=2, people_lifted=13)
    (current,), _ = latest_versions([*forms, later])
    assert current.id == later.id
    assert codes([*forms, later]) == ["superseded", "resubmission"]


def test_a_letter_that_repeats_some_of_an_earlier_form_does_not_replace_it():
    file = form(1, "推荐表.docx")
    body = form(1, "正文", receipt=2, codes=("form_in_body",), people_lifted=8, address=None)
    (current,), _ = latest_versions([file, body])
    assert current.id == file.id and codes([file, body]) == ["versions_differ"]
    (current,), _ = latest_versions([file, body], [chosen(body.id, file, body)])
    assert current.id == body.id
    assert codes([replace(body, receipt=1), replace(file, receipt=2)]) == [
        "superseded",
        "resubmission",
    ]


def test_two_stock_takes_in_one_message_are_a_question_too():
    first, second = stocktake(people_done=5), stocktake(people_done=6, assoc_done=1)
    forms = [first, replace(second, id="1-10", source="inbox/0001.eml/盘点.xlsx")]
    (current,), _ = latest_versions(forms)
    assert current.body.people_done == 6 and codes(forms) == ["versions_differ"]
