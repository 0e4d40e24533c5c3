"""The page of a PDF on which a value stands, with the value framed."""

import io

from PIL import Image, ImageChops

from kjfp_helpers.intake.preview.page_previews import preview_marked_page
from support.forms.pdf_pages import form, pdf, value_spot

FRAME = (0xD1, 0x9A, 0x1D)
SCALE = 110 / 72


def framed(data):
    """The box around all that has the colour of the frame, in points from the lower left."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    distance = ImageChops.difference(image, Image.new("RGB", image.size, FRAME)).convert("L")
    box = distance.point(lambda value: 255 if value < 20 else 0).getbbox()
    if box is None:
        return None
    left, top, right, bottom = (edge / SCALE for edge in box)
    return left, 842 - bottom, right, 842 - top


def test_the_value_is_framed_where_it_stands_on_its_page():
    left, bottom, right, top = framed(preview_marked_page(pdf(form()), "表.pdf", "1200人"))
    x, y = value_spot(3)
    assert left < x < right < x + 60 and bottom < y < top < y + 40


def test_a_turned_page_is_shown_without_a_frame_and_other_words_or_files_not_at_all():
    assert framed(preview_marked_page(pdf(form(), rotate=90), "表.pdf", "1200人")) is None
    assert preview_marked_page(pdf(form()), "表.pdf", "没有这几个字") is None
    assert preview_marked_page(b"1200", "表.txt", "1200") is None
