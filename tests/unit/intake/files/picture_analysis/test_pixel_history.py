"""Earlier compression and enlargement leave traces; an original has none."""

import pytest

from kjfp_helpers.intake.files.images import read_image
from kjfp_helpers.rehearsal.writers.picture_treatment import treat_picture
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_landscape


@pytest.mark.parametrize(
    ("treatment", "signs"),
    [("", ()), ("resaved", ("resaved",)), ("enlarged", ("enlarged",)), ("crop", ())],
)
def test_signs_of_a_picture_tell_what_was_done_to_it(treatment, signs):
    assert read_image(treat_picture(draw_landscape((4, 1)), treatment)).signs == signs


def test_a_place_in_the_metadata_is_told():
    located = read_image(treat_picture(draw_landscape((4, 1), small=True), "located"))
    assert [finding.code for finding in located.findings] == ["private_data"]
