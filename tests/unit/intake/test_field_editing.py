import random
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import Individual, Record, Team
from kjfp_helpers.intake.common.parsed_value import id_check_digit
from kjfp_helpers.intake.field_editing import (
    EDITABLE_RECORD_TYPES,
    editable_field,
    editable_fields,
    field_label,
    format_value,
    parse_value,
    revalidate,
)
from support.forms.form_samples import sample
from support.forms.sample_files import the_round

NOTICE = the_round().notice
words = st.text("甲乙丙丁戊己庚辛果树村县0123456789，。", max_size=30).map(lambda text: f"果{text}")
place = st.one_of(st.none(), st.sampled_from(("草海", "威宁", "十八洞", "元古堆")))
VALUES = {
    "count": st.integers(0, 9_999_999),
    "days": st.integers(0, 5000),
    "figure": st.integers(0, 9_999_999),
    "date": st.dates(date(2016, 1, 1), date(2020, 12, 31)),
    "names": st.lists(
        st.sampled_from(("张三", "李四", "欧阳修", "阿依古丽·买买提")), min_size=1, unique=True
    ).map(tuple),
    "gender": st.sampled_from(("男", "女")),
    "phone": st.integers(0, 10**8 - 1).map(lambda n: f"139{n:08}"),
    "postcode": st.integers(10_000, 860_000)
    .map(lambda n: f"{n:06}")
    .filter(lambda n: len(set(n)) > 1),
    "email": st.just("jia@example.com"),
    "id_number": st.just("11010519491231002X"),
    "name": st.sampled_from(("张三", "欧阳修")),
    "regions": st.lists(
        st.tuples(
            st.just("贵州省"),
            st.just("毕节市"),
            st.just("威宁县"),
            place.map(lambda n: n and f"{n}镇"),
            place.map(lambda n: n and f"{n}村"),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
}
EVERY = [(kind, entry) for kind in EDITABLE_RECORD_TYPES for entry in editable_fields(kind)]


@pytest.mark.parametrize(("kind", "entry"), EVERY, ids=[f"{k}-{e.name}" for k, e in EVERY])
def test_what_is_written_is_read_back_as_it_was(kind, entry):
    @settings(max_examples=8, deadline=None)
    @given(VALUES.get(entry.kind, words))
    def back(value):
        if entry.kind == "options":
            value = entry.options[:2]
        reading = parse_value(entry, format_value(entry, value))
        assert reading.value == value and not reading.findings

    back()


def test_every_field_of_a_form_can_be_typed_and_has_a_chinese_name():
    for kind, made in EDITABLE_RECORD_TYPES.items():
        names = {item.name for item in fields(made)} - {"marks"}  # how a blank was written
        assert {entry.name for entry in editable_fields(kind)} == names
        assert all(field_label(kind, name) and field_label(kind, name) != name for name in names)


@pytest.mark.parametrize("entry", [entry for _, entry in EVERY if entry.kind != "options"])
def test_blank_is_missing_and_never_zero(entry):
    assert parse_value(entry, "  ").value in (None, ()) and format_value(entry, None) == ""


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("team", "people_lifted", "300户"),
        ("team", "service_days", "两年"),
        ("team", "recommend_date", "八月"),
        ("team", "recommend_date", "2020年2月30日"),
        ("stocktake", "people_done", "很多"),
    ],
)
def test_what_no_reader_understands_is_no_value_and_says_why(kind, name, text):
    reading = parse_value(editable_field(kind, name), text)
    assert reading.value is None and reading.findings


def record(body, findings=()):
    kind = "team" if isinstance(body, Team) else "individual"
    return Record(
        id="1-1",
        kind=kind,
        unit="61",
        receipt=1,
        source="a",
        sha256="0",
        body=body,
        findings=tuple(findings),
    )


def codes(found):
    return {(one.code, one.field) for one in found}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_form_typed_without_fault_has_no_finding(form):
    one = sample(form, random.Random(7))
    typed = {
        entry.name: parse_value(entry, format_value(entry, one.truth[entry.name])).value
        if entry.name != "recommend_date"
        else date.fromisoformat(one.truth[entry.name])
        for entry in editable_fields(form.kind)
    }
    typed["service_types"], typed["service_modes"] = (
        tuple(one.truth["service_types"]),
        tuple(one.truth["service_modes"]),
    )
    body = EDITABLE_RECORD_TYPES[form.kind](**typed)
    plain = NOTICE.model_copy(update={"round": NOTICE.round.model_copy(update={"rehearsal": True})})
    found = revalidate(record(body), [item.name for item in fields(body)], plain)
    assert codes(found) <= {("missing", "fax")}


def test_a_corrected_value_is_looked_at_by_the_readers_again():
    body = Individual(
        name="张三", gender="男", id_number="110105194912310021", people_lifted=9_999_999
    )
    found = revalidate(record(body), ("id_number", "people_lifted"), NOTICE)
    assert {
        ("id_checksum", "id_number"),
        ("id_gender", "gender"),
        ("implausible", "people_lifted"),
    } <= codes(found)
    right = replace(
        body, id_number=f"11010519491231001{id_check_digit('11010519491231001')}", people_lifted=12
    )
    assert not codes(revalidate(record(right, found), ("id_number", "people_lifted"), NOTICE))


def test_other_is_held_against_its_tick_after_either_was_corrected():
    body = Team(service_modes=("培训", "其他"))
    assert ("other_blank", "service_modes_other") in codes(
        revalidate(record(body), ("service_modes",), NOTICE)
    )
    said = replace(body, service_modes_other="会诊")
    assert not codes(revalidate(record(said), ("service_modes_other",), NOTICE))
    assert ("other_unticked", "service_modes_other") in codes(
        revalidate(record(replace(said, service_modes=("培训",))), ("service_modes",), NOTICE)
    )


def test_a_missing_stamp_stays_missing_when_the_opinion_is_corrected():
    from kjfp_helpers.core.findings import Finding

    stamp = Finding(code="seal_missing", expected="印章", found="没有图片", field="recommendation")
    body = Team(recommendation="同意推荐。")
    assert codes(revalidate(record(body, [stamp]), ("recommendation",), NOTICE)) == {
        ("seal_missing", "recommendation")
    }
