"""What each audience may see of a unit: leaks are looked for in data and page of every unit."""

import json
import re

import pytest

from kjfp_helpers.reports.data.report_data_writer import ReportDataBuilder
from kjfp_helpers.reports.sections import unit_materials, unit_report
from kjfp_helpers.state.secretary.unit_dossiers import reply_end
from support.rounds.report_round import PHONE, make_state

pytestmark = pytest.mark.slow

PARTS = (
    unit_report.render_header,
    unit_report.render_verdict,
    unit_report.render_duties,
    unit_report.render_scorecard,
    unit_report.render_reconciliation,
    unit_materials.render_nominees,
    unit_materials.render_summary,
    unit_materials.render_exhibition,
    unit_materials.render_timeline,
    unit_report.render_notes,
)
OF_THE_OFFICE = ("findings", "links", "blind_number", "comment", "rank_of", "result")


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """Every edition of every unit: its data, and all that is read in data and page."""
    state = make_state(tmp_path_factory.mktemp("editions") / "round")
    builder = ReportDataBuilder(state)
    made = {}
    for unit in state.round.units:
        for audience in ("unit", "office", "panel"):
            data = builder.edition(unit, audience)
            page = "\n".join(str(part(data).html) + part(data).text for part in PARTS)
            made[unit.code, audience] = data, json.dumps(data, ensure_ascii=False) + page
    return state, made


def test_the_units_edition_holds_its_own_data_and_nothing_of_others_members_or_office(editions):
    state, made = editions
    members = {name for row in state.round.panel for name in (row.member, row.name)}
    for unit in state.round.units:
        data, text = made[unit.code, "unit"]
        text = text.replace(data["round"]["contact"], "")
        others = {other.short_name for other in state.round.units} - {unit.short_name}
        others = {name for name in others if name not in unit.name}
        foreign = {case.name for case in state.screening.cases if case.unit != unit.code}
        assert not [name for name in (*others, *foreign, *members, PHONE) if name in text]
        assert not set(OF_THE_OFFICE) & set(data) and data["audience"] == "unit"
        assert not [row for row in data["nominees"] if set(OF_THE_OFFICE) & set(row)]
        for case in state.screening.cases:
            scores = state.scores.tables.totals
            own = scores[scores["case"] == case.id]["total"] if case.unit == unit.code else ()
            assert not [total for total in own if f"{total:.2f}" in text]


def test_the_panels_edition_says_nothing_that_tells_who_the_unit_is(editions):
    state, made = editions
    numbers = {
        data["unit"]["code"] for (_, audience), (data, _) in made.items() if audience == "panel"
    }
    assert len(numbers) == len(state.round.units)
    for unit in state.round.units:
        data, text = made[unit.code, "panel"]
        whole = made[unit.code, "office"][0]
        names = {unit.name, unit.short_name, *(row["name"] for row in whole["nominees"])}
        names |= {row["subject"] for row in whole["receipts"]}
        names |= {row["case"] for row in whole["nominees"]} | {unit.region or unit.name}
        assert not [name for name in names if name and name in text], unit.code
        shown = set(re.findall(r"\d[\d,]*", text))
        exact = {row[key] for row in whole["figures"] for key in ("done", "target", "own")}
        exact |= {row["people_lifted"] for row in whole["nominees"]}
        exact = {f"{value:,}" for value in exact if value is not None and value > 999}
        assert not exact & shown, unit.code
        assert data["unit"]["code"] not in json.dumps(made[unit.code, "unit"][0])


def test_the_office_sees_all_and_the_blind_number_leads_to_the_panels_edition(editions):
    state, made = editions
    for unit in state.round.units:
        whole, text = made[unit.code, "office"]
        assert whole["blind_number"] == made[unit.code, "panel"][0]["unit"]["code"]
        told = unit_materials.render_nominees(whole).text
        assert all(row["name"] in told for row in whole["nominees"])
        assert "办公室用，不外发" in text


def test_what_is_owed_has_the_day_of_the_reminder_in_report_and_letter(editions):
    state, made = editions
    last = reply_end(state, state.submissions.letters.day).isoformat()
    owed = [
        duty
        for (_, audience), (data, _) in made.items()
        for duty in data.get("duties", ())
        if audience == "unit" and duty["code"].endswith("_absent")
    ]
    assert owed and {duty["due"] for duty in owed} == {last}


def test_no_table_is_of_dashes_and_an_empty_part_is_one_grey_line(editions):
    _, made = editions
    for (code, audience), (data, _) in made.items():
        for part in PARTS:
            for row in re.findall(r"<tr>(.*?)</tr>", str(part(data).html)):
                cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row)]
                empty = [cell for cell in cells[1:] if cell in ("—", "")]
                assert not cells or len(empty) < len(cells) - 1, (code, audience, part.__name__)
        if not data["nominees"] and audience != "panel":
            assert 'class="quiet"' in unit_materials.render_nominees(data).html
