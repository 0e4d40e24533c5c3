"""The same figure as several papers of a unit have it."""

from types import SimpleNamespace

import pytest

from kjfp_helpers.reports.data.unit.reconciled_figures import reconcile_figures

UNIT = SimpleNamespace(code="41")


def figure(where, value, indicator="people"):
    return {"where": where, "value": value, "indicator": indicator, "scope": "total"}


def reconciled(*stated, findings=(), open_findings=None):
    index = SimpleNamespace(
        stated_figures={"41": list(stated)}.get,
        findings={"41": findings},
        open_findings=findings if open_findings is None else open_findings,
    )
    return reconcile_figures(index, UNIT)


def word_of(table, label="带动脱贫（人）"):
    return next(row[-1] for row in table["rows"] if row[0] == label)


@pytest.mark.parametrize(
    ("checked", "word", "message"),
    [
        (33392, "与抽查不符", "数字互核：1项与抽查不符"),
        (37946, "一致", "数字互核：盘点表、工作总结、抽查实测相符"),
    ],
)
def test_a_count_on_the_spot_that_differs_is_never_called_the_same(checked, word, message):
    table = reconciled(
        figure("stocktake", 37946), figure("summary", 37946), figure("spot_check", checked)
    )
    assert word_of(table) == word and table["message"] == message


def test_papers_that_a_finding_says_differ_are_told_before_the_check():
    finding = SimpleNamespace(code="figure_differs", field="people_done")
    stated = figure("stocktake", 5), figure("summary", 6), figure("spot_check", 4)
    assert word_of(reconciled(*stated, findings=(finding,))) == "不一致"
    assert word_of(reconciled(*stated, findings=(finding,), open_findings=())) == "与抽查不符"
