"""The findings at the end of the office's edition: what no duty tells."""

from kjfp_helpers.reports.sections.unit_report import render_notes

DUTIES = [
    {"key": "too_small|pictures", "code": "too_small", "case": "", "found": "824,477字节"},
    {"key": "owed|exhibit", "code": "exhibit_absent", "case": "", "found": "未收到"},
    {
        "key": "copied_text|",
        "code": "copied_text",
        "case": "P13-1",
        "found": "与其他单位推荐的个人雷同",
    },
]


def finding(code, severity="须补正", case="", found="824,477字节"):
    texts = {"title": code, "name": "", "expected": "", "found": found, "place": ""}
    return {"code": code, "severity": severity, "case": case, **texts}


def notes(*findings, audience="office"):
    return render_notes({"audience": audience, "duties": DUTIES, "findings": findings}).text


def test_what_a_duty_tells_is_not_told_a_second_time():
    assert "核对发现：2项，都在要办的事中" in notes(finding("too_small"), finding("too_small"))


def test_the_office_is_told_which_other_unit_a_letter_does_not_name():
    named = finding("copied_text", case="P13-1", found="与云南推荐的“演练申甲”雷同")
    told = notes(named)
    assert "其余核对发现（办公室用，1项" in told and "云南" in told
    duty = DUTIES[2] | {"told": named["found"]}
    said = render_notes({"audience": "office", "duties": [duty], "findings": [named]})
    assert "都在要办的事中" in said.text


def test_what_was_not_sent_is_told_once_whatever_its_words():
    assert "都在要办的事中" in notes(finding("exhibit_absent", "请留意", found="没有收到"))


def test_what_is_settled_or_only_noted_is_told_beside_the_duties():
    told = notes(
        finding("too_small"), finding("too_small", "已了结"), finding("resubmission", "请留意")
    )
    assert "其余核对发现（办公室用，2项，另1项见要办的事）" in told
    assert told.count("too_small") == 1 and "resubmission" in told


def test_the_same_fault_of_another_nominee_is_told():
    assert "其余核对发现（办公室用，1项" in notes(finding("too_small", case="T41-1"))


def test_the_same_matter_of_several_nominees_is_told_once_with_their_names():
    alike = [
        finding("copied_text", case=f"P41-{n}") | {"name": name} for n, name in enumerate("甲乙")
    ]
    told = notes(*alike)
    assert "甲、乙" in told and told.count("copied_text") == 1 and "2项" in told


def test_a_unit_sees_no_findings_of_the_office():
    assert "核对发现" not in notes(finding("resubmission", "请留意"), audience="unit")
