"""Labels as units type them are known as the printed ones."""

from difflib import get_close_matches

from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.intake.common.label_matching import (
    fields_by_label,
    fields_for_label,
    normalize_form_label,
)


@settings(deadline=None)
@given(
    st.sampled_from(FORMS),
    st.data(),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from("数名情推荐务人口位年 ")), max_size=4),
)
def test_a_misspelled_label_is_the_one_that_difflib_finds_among_all(form, data, edits):
    known = [label for label in fields_by_label(form) if len(label) >= 6]
    text = list(data.draw(st.sampled_from(known)))
    for index, char in edits:
        if index % 2:
            text.insert(index % (len(text) + 1), char)
        else:
            text[index % len(text)] = char
    label = normalize_form_label("".join(text))
    found = get_close_matches(label, known, 1, 0.85) if len(label) >= 6 else []
    if found and label not in fields_by_label(form):
        assert fields_for_label(form, label) == fields_by_label(form)[found[0]]
