"""A filled-in visit form: held against its blank, every wrong cell named, two copies merged."""

import hashlib
from datetime import date

import pytest

from kjfp_helpers.commands import freeze_rules
from kjfp_helpers.commands.spot_check.form_import import import_visit_forms
from kjfp_helpers.commands.spot_check.form_issue import rebuild_form
from kjfp_helpers.commands.verification.photo_article_check import check_evidence
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import RulesFrozen, VisitFormIssued
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.spot_check.visit_acts import make_decision, make_import_withdrawal
from support.spot_check_round import TWO, cell_of, draw_round, fill, issue_forms

pytestmark = pytest.mark.slow


@pytest.fixture
def session(tmp_path):
    return draw_round(tmp_path)


@pytest.fixture
def unit(session):
    return session.current_state().spot_check.lot.units[0]


@pytest.fixture
def forms(session, unit):
    return issue_forms(session, unit)


def bring(session, *files, **told):
    return import_visit_forms(session, lambda done, total: None, files=files, **told)


def values(session, unit):
    held = session.current_state().spot_check.visits[unit].values
    return {key: one.value for key, one in held.items()}


def test_the_blank_is_made_again_from_the_ledger_byte_for_byte(session, forms):
    events = session.events()
    for number, event in enumerate(events.of(VisitFormIssued), start=1):
        again = rebuild_form(session, events, number)
        assert hashlib.sha256(again).hexdigest() == event.body.sha256


def test_copies_of_two_checkers_are_merged_and_what_differs_is_told(session, unit, forms, tmp_path):
    first, second = forms.values()
    one = fill(session, first, tmp_path / "1.xlsx", {"people.found": 50, "visit.day": "2020-08-31"})
    two = fill(session, second, tmp_path / "2.xlsx", {"people.found": 51, "assoc.found": 7})
    assert not bring(session, one).failed
    result = bring(session, two)
    (told,) = result.failed
    assert "核实数" in told and "“50”" in told and "“51”" in told and "--take" in told
    assert values(session, unit) == {
        "people.found": 50,
        "visit.day": "2020-08-31",
        "assoc.found": 7,
    }
    assert not bring(session, two, prefer_files=[two]).failed
    assert values(session, unit)["people.found"] == 51
    before = len(session.events())
    assert bring(session, two).made == 0
    again = [event for event in session.events()[before:] if event.kind == "VisitFormImported"]
    assert not again


def test_every_wrong_cell_is_named_and_its_line_left_out(session, unit, forms, tmp_path):
    blank = next(iter(forms.values()))
    target = cell_of(session, "assoc.found").replace("D", "C")
    filled = fill(
        session,
        blank,
        tmp_path / "f.xlsx",
        {
            "experts.found": "约20",
            "assoc.found": 5,
            "people.found": 9,
            "people.sampled": 3,
            "people.wrong": 4,
            "q5.answer": "还行",
            "visit.day": "八月底",
            "visit.summary": "=1+1",
            "issue1.text": "账目不清，联系人13800000000",
        },
        **{target: 1},
    )
    result = bring(session, filled)
    told = "\n".join(result.failed)
    for key in ("experts.found", "people.wrong", "q5.answer", "visit.day", "visit.summary"):
        assert f"检查表!{cell_of(session, key)}" in told, key
    assert f"检查表!{target}" in told and "与制发时一致" in told
    assert set(values(session, unit)) == {"issue1.text"}
    assert "13800000000" not in "\n".join((*result.notes, *result.failed))


@pytest.mark.parametrize("damage", ["guide", "foreign", "text"])
def test_what_is_no_form_of_this_round_is_refused_and_nothing_recorded(
    session, unit, forms, tmp_path, damage
):
    blank = next(iter(forms.values()))
    path = tmp_path / "f.xlsx"
    if damage == "text":
        path.write_text("不是工作簿", "utf-8")
    else:
        from openpyxl import load_workbook

        book = load_workbook(blank)
        book["填写说明"]["B4" if damage == "foreign" else "B6"].value = "别人"
        book.save(path)
    result = bring(session, path)
    assert len(result.failed) == 1 and not values(session, unit)


def test_photographs_come_along_and_what_is_missing_or_no_picture_is_told(
    session, unit, forms, tmp_path
):
    blank = next(iter(forms.values()))
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9")
    (tmp_path / "b.jpg").write_text("<script>", "utf-8")
    photos = "a.jpg、b.jpg、c.jpg、../d.jpg"
    filled = fill(session, blank, tmp_path / "f.xlsx", {"people.found": 9, "people.photos": photos})
    result = bring(session, filled)
    visit = session.current_state().spot_check.visits[unit]
    assert list(visit.photos) == ["a.jpg"] and len(result.failed) == 3
    kept = list((session.round.folder / "spotcheck" / unit).iterdir())
    assert [path.name.endswith("-a.jpg") for path in kept] == [True]
    assert check_evidence(session.round, session.events())
    kept[0].write_bytes(b"x")
    with pytest.raises(DifferenceError, match=r"a\.jpg"):
        check_evidence(session.round, session.events())


def test_a_photograph_handed_in_later_and_a_copy_that_agrees_are_recorded_once(
    session, unit, forms, tmp_path
):
    first, second = forms.values()
    told = {"people.found": 9, "people.photos": "a.jpg"}
    one = fill(session, first, tmp_path / "1.xlsx", told)
    assert bring(session, one).failed
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9")
    assert not bring(session, one).failed
    two = fill(session, second, tmp_path / "2.xlsx", {"people.found": 9})
    for _ in range(2):
        bring(session, one, two)
    visit = session.current_state().spot_check.visits[unit]
    assert list(visit.photos) == ["a.jpg"]
    came = [event.body.checker for event in visit.imports]
    assert len(came) == 3 and set(came) == set(forms)


def test_a_copy_does_not_replace_what_a_decision_rests_on(session, unit, forms, tmp_path):
    first, second = forms.values()
    bring(session, fill(session, first, tmp_path / "1.xlsx", {"issue1.text": "账目不清"}))
    told = {"unit": unit, "finding": "issue1", "ruling": "waived", "today": date(2020, 9, 3)}
    grounds = {"reason": "已纠正", "document": "纪要1号", "by": TWO}
    session.record(make_decision(session.current_state(), **told, **grounds))
    two = fill(session, second, tmp_path / "2.xlsx", {"issue1.text": "账目清楚"})
    (said,) = bring(session, two, prefer_files=[two]).failed
    assert "先撤销台账第" in said and values(session, unit) == {"issue1.text": "账目不清"}


def test_an_import_taken_back_counts_no_more_and_can_be_made_again(session, unit, forms, tmp_path):
    filled = fill(session, next(iter(forms.values())), tmp_path / "f.xlsx", {"people.found": 9})
    bring(session, filled)
    (event,) = session.current_state().spot_check.visits[unit].imports
    session.record(
        make_import_withdrawal(session.current_state(), imported=event.seq, reason="交错了表")
    )
    assert not values(session, unit)
    bring(session, filled)
    assert values(session, unit) == {"people.found": 9}


def test_a_form_is_read_by_the_lines_of_the_rules_it_was_issued_under(session, unit, tmp_path):
    rules = session.round
    frozen = RulesFrozen(digest=rules.digest, files=dict(rules.files), texts=dict(rules.texts))
    session.record(frozen)
    blank = next(iter(issue_forms(session, unit).values()))
    filled = fill(session, blank, tmp_path / "f.xlsx", {"people.found": 50, "assoc.found": 7})
    path = rules.folder / "notice.toml"
    item = "[[spot_check.items]]"
    another = f'{item}\nhead = 1\ntitle = "另问一项"\n\n{item}'
    path.write_text(path.read_text("utf-8").replace(item, another, 1), "utf-8")
    later = RoundSession.open(rules.folder, session.outputs)
    assert freeze_rules(later)
    result = bring(later, filled)
    assert not result.failed and "与台账" not in "".join(result.notes)
    assert values(later, unit) == {"people.found": 50, "assoc.found": 7}
