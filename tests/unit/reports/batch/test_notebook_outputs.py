"""The batch on an open round: nothing derived where nothing changed, and only what changed made."""

import shutil
from pathlib import Path

import pytest

from kjfp_helpers import reports
from kjfp_helpers.core.events import FieldCorrected
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.reports.batch.manifest import find_unchanged_reports
from kjfp_helpers.state import RoundSession
from support.processes.regeneration import tree
from support.project import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(assigned, tmp_path_factory):
    """A small assigned round with all its reports made."""
    root = Path(shutil.copytree(assigned, tmp_path_factory.mktemp("session") / "root"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KJFP_HOME", str(PROJECT))
        session = RoundSession.open(root / "data" / "practice", root / "outputs" / "practice")
        done = reports.regenerate_reports(session)
        state = session.current_state()
        due = (
            1
            + 2 * len(state.round.units)
            + len(state.screening.cases)
            + state.scores.readings["member"].nunique()
        )
        assert done.made == due and not done.failed
        yield session


@pytest.fixture
def underived(session, monkeypatch):
    """The same round where deriving it is an error."""

    def refuse(*_):
        raise AssertionError("derived")

    monkeypatch.setattr(RoundSession, "current_state", refuse)
    return session


def test_where_nothing_changed_nothing_is_derived(underived):
    done = reports.regenerate_reports(underived)
    assert done.made == 0 and done.skipped > 10
    closed = find_unchanged_reports(str(underived.round.folder), str(underived.outputs), {})
    assert closed.unchanged == done.unchanged
    unit = underived.round.units[0].code
    some = reports.regenerate_reports(underived, only=[unit])
    assert f"unit/{unit}" in some.unchanged and f"cases/T{unit}-1" in some.unchanged
    assert "overall" not in some.unchanged
    assert reports.regenerate_reports(underived, retry=True).unchanged == ()


@pytest.mark.parametrize("change", ["page", "parameter", "force"])
def test_a_lost_page_another_parameter_or_force_is_not_passed_over(underived, change):
    page = underived.outputs / "reports" / "overall.html"
    before = page.read_bytes()
    if change == "page":
        page.write_bytes(before[:-1])
    given = {"parameter": {"parameters": {"with_story": "False"}}, "force": {"force": True}}
    with pytest.raises(AssertionError, match="derived"):
        reports.regenerate_reports(underived, **given.get(change, {}))
    page.write_bytes(before)


def test_one_units_number_makes_that_units_reports_and_the_overall_one(session):
    record = next(
        one
        for one in session.current_state().submissions.records
        if isinstance(one.body, Stocktake)
    )
    old = record.body.people_done
    session.record(
        FieldCorrected(record=record.id, field="people_done", old=old, new=old + 1, reason="见原件")
    )
    done = reports.regenerate_reports(session)
    cases = {
        f"cases/{case.id}"
        for case in session.current_state().screening.cases
        if case.unit == record.unit
    }
    assert (
        set(done.new) == {"overall", f"unit/{record.unit}", f"office/{record.unit}", *cases}
        and cases
    )


@pytest.mark.parametrize("left", ["nothing", "all but what is recalled", "all, with force"])
def test_after_a_change_the_reports_are_those_made_from_nothing(session, left):
    folder = session.outputs / "reports"
    warm = tree(folder)
    assert any(name.startswith("recall/") for name in warm)
    if left != "all, with force":
        shutil.rmtree(folder if left == "nothing" else folder / "recall")
        (folder / "overall.html").unlink(missing_ok=True)
    again = RoundSession.open(session.round.folder, session.outputs)
    done = reports.regenerate_reports(again, force=left == "all, with force")
    again.ledger.close()
    assert "overall" in done.new and not done.failed
    assert tree(folder) == warm


def test_a_document_written_later_is_linked_by_the_next_run_and_one_taken_away_no_more(session):
    unit, index = session.round.units[0], session.outputs / "reports" / "index.html"
    form = session.outputs / "forms" / "盘点表" / f"{unit.code} {unit.short_name}.xlsx"
    form.parent.mkdir(parents=True)
    for write, is_linked in ((lambda: form.write_bytes(b""), True), (form.unlink, False)):
        write()
        assert find_unchanged_reports(str(session.round.folder), str(session.outputs), {}) is None
        assert reports.regenerate_reports(session).made == 0
        assert (f"/{unit.code}%20" in index.read_text("utf-8")) == is_linked
