"""Order, filters and search of a table's rows, in Node, against the same in Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.infra.page_scripts.table_script import FOLDER
from support.pages.page_modules import PageModules

pytestmark = pytest.mark.node
MODEL = 'import { RowModel } from "./rowModel.js";'
SHOW = """({ rows, presses, chosen, text }) => {
  const model = new RowModel(rows, 1);
  for (let press = 0; press < presses; press++) model.sortBy(0);
  if (chosen) model.choose(0, chosen);
  model.search(text);
  return { shown: model.shown(), counts: Object.fromEntries(model.counts(0)) };
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return PageModules(tmp_path_factory.mktemp("table") / "table", FOLDER)


def row(key, word, text):
    return {"cells": [[text, key]], "groups": [[word]]}


rows = st.lists(
    st.builds(
        row,
        st.none() | st.integers(-9, 9) | st.floats(-9, 9, allow_nan=False),
        st.sampled_from(["未报送", "已收到"]),
        st.sampled_from(["<b>北京</b>", "Ａ１ &amp; b", "天津<br>河北", ""]),
    ),
    max_size=12,
)
case = st.fixed_dictionaries(
    {
        "rows": rows,
        "presses": st.integers(0, 3),
        "chosen": st.sampled_from(["", "未报送"]),
        "text": st.sampled_from(["", "北京", "a1 B", "天津 河北", "&", "<b>"]),
    }
)
FOUND = {
    "北京": {"<b>北京</b>"},
    "a1 B": {"Ａ１ &amp; b"},
    "天津 河北": {"天津<br>河北"},
    "&": {"Ａ１ &amp; b"},
    "<b>": set(),
}


@given(st.lists(case, min_size=40, max_size=60))
@settings(max_examples=3, deadline=None)
def test_rows_are_sorted_narrowed_and_found_as_they_should(page, cases):
    for one, got in zip(cases, page.map(MODEL, SHOW, cases), strict=True):
        keys = [row["cells"][0][1] for row in one["rows"]]
        words = [row["groups"][0][0] for row in one["rows"]]
        found = [
            at
            for at, row in enumerate(one["rows"])
            if not one["text"] or row["cells"][0][0] in FOUND[one["text"]]
        ]
        kept = [at for at in found if one["chosen"] in ("", words[at])]
        if one["presses"] in (1, 2):
            sign = 3 - 2 * one["presses"]  # missing values last either way, ties as they came
            kept.sort(key=lambda at: (keys[at] is None, sign * (keys[at] or 0)))
        assert got["shown"] == kept
        assert got["counts"] == {
            word: sum(words[at] == word for at in found) for word in {words[at] for at in found}
        }


def test_texts_stand_in_chinese_order_and_figures_in_them_by_size(page):
    texts = ["第10分会", "河北", "第9分会", "安徽", "北京"]
    one = {
        "rows": [{"cells": [[text]], "groups": [[]]} for text in texts],
        "presses": 1,
        "chosen": "",
        "text": "",
    }
    (got,) = page.map(MODEL, SHOW, [one])
    assert [texts[at] for at in got["shown"]] == ["安徽", "北京", "第9分会", "第10分会", "河北"]
