from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM
from kjfp_helpers.intake.common.text_markers import RAISED, RAISED_END
from kjfp_helpers.intake.fields.field_readers import read_field


def test_a_note_mark_is_quoted_though_another_like_it_is_kept():
    mark = f"{RAISED}1{RAISED_END}"
    field = next(one for row in INDIVIDUAL_FORM.rows for one in row if one.kind == "count")
    for text in (f"{mark}1200{mark}", f"1200{mark}"):
        assert "上标或下标“1" in read_field(field, text).findings[-1].found
