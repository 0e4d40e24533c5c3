"""Every value that the rehearsal writes into real files comes back, and nothing is found in it."""

import pytest

from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.rehearsal.round_builder import plan_rehearsal
from kjfp_helpers.rehearsal.writers import docx_forms
from kjfp_helpers.rehearsal.writers.stocktake_workbooks import asked_of
from kjfp_helpers.reports.office.forms.stocktake_sheet import build_stocktake_sheet
from support.forms.sample_files import picture, the_round

RULES = the_round()
REHEARSED = RULES.notice.round.model_copy(update={"rehearsal": True})  # its places are made up
NOTICE = RULES.notice.model_copy(update={"round": REHEARSED})


@pytest.fixture(scope="module")
def year():
    return plan_rehearsal(RULES, RULES.units[:40], 7)


def read(data, name):
    kind, package = detect_format(data, name)
    (draft,) = read_file_content(kind, package, data, name, archived=False, notice=NOTICE).drafts
    return draft


@pytest.mark.slow
def test_every_box_of_every_form_comes_back(year):
    stamp = picture()
    for own in year.submissions[::5]:
        for entry in own.nominations:
            draft = read(docx_forms.fill_form(entry.body, photo=stamp, seal=stamp), "推荐表.docx")
            assert draft.body == entry.body
            assert {finding.code for finding in draft.findings} <= {"missing", "id_checksum"}
            assert bool(draft.findings) <= bool(
                entry.blank or getattr(entry.body, "id_number", None)
            )


@pytest.mark.slow
def test_every_figure_of_every_stock_take_comes_back(year):
    for own in year.submissions:
        if own.stocktake:
            asked = asked_of(own.stocktake)
            draft = read(build_stocktake_sheet(own.stocktake, asked), "盘点.xlsx")
            assert (draft.body, draft.findings) == (own.stocktake, ())
