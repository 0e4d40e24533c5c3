"""The forms that the office hands out are the forms that it reads."""

from dataclasses import replace

import pytest
from openpyxl import load_workbook

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.reports import issue_forms
from kjfp_helpers.rules import Target
from support.forms.sample_files import the_round


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    round = the_round()
    target = Target(
        unit=round.units[0].code,
        assoc_target=10,
        experts_target=200,
        people_target=3000,
        document="文号",
    )
    folder = tmp_path_factory.mktemp("forms")
    issue_forms(replace(round, targets=(target,), units=round.units[:3]), folder)
    return round, folder


def read(path):
    data = path.read_bytes()
    kind, package = detect_format(data, path.name)
    assert kind in ("docx", "xlsx") and isinstance(package, OfficePackage)
    (draft,) = read_file_content(
        kind, package, data, path.name, archived=False, notice=the_round().notice
    ).drafts
    return draft


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_blank_form_is_read_as_one_of_its_kind_with_nothing_in_it(issued, form):
    _, folder = issued
    draft = read(folder / f"{form.annex} {form.title}.docx")
    assert draft.kind == form.kind and not any(vars(draft.body).values())
    assert "blank_form" in {one.code for one in draft.findings}
    assert {one.code for one in draft.findings} <= {
        "blank_form",
        "missing",
        "photo_missing",
        "seal_missing",
    }


def test_a_units_stock_take_bears_its_name_and_its_targets_and_nothing_done(issued):
    round, folder = issued
    sheets = sorted((folder / "盘点表").iterdir())
    bodies = [read(path).body for path in sheets]
    assert [body.unit for body in bodies] == [unit.name for unit in round.units[:3]]
    assert (bodies[0].assoc_target, bodies[0].experts_target, bodies[0].people_target) == (
        10,
        200,
        3000,
    )
    assert {body.people_target for body in bodies[1:]} == {None}
    assert {body.people_done for body in bodies} == {None}


def test_only_figures_and_signature_can_be_written_and_figures_are_whole_numbers(issued):
    _, folder = issued
    sheet = load_workbook(next((folder / "盘点表").iterdir())).active
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.operator, rule.formula1) == (
        "B4:C6",
        "whole",
        "greaterThanOrEqual",
        "0",
    )
    assert sheet.protection.sheet
    open_cells = {
        cell.coordinate for row in sheet["A1:D13"] for cell in row if not cell.protection.locked
    }
    figures = {cell.coordinate for row in sheet["B4:C6"] for cell in row}
    assert open_cells == figures | {f"{column}{row}" for row in range(8, 13) for column in "BC"}
