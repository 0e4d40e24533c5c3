"""Recommendation forms as PDF: one page, drawn operator by operator, the same bytes each time."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from PIL import Image

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM, FormField
from kjfp_helpers.core.records import Individual, Team

PAGE = (595, 842)
LEFT, TOP, WIDTH = 50, 770, 495
LABEL_WIDTH, LINE, MARGIN = 72, 11.5, 4
SIZE = 9
"""Points: the page, the table's corner and width, a label's column, a line, the text's size."""
PHOTO = (66, 92)
SEAL = 84
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
    b" /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    b" /FontDescriptor 7 0 R /DW 1000 /W [1 95 500 814 939 500] >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)
"""A font for Chinese that every reader has: it is named, not embedded."""


def write_pdf_form(
    body: Team | Individual, *, photo: bytes | None, seal: bytes | None, watermark: str = ""
) -> bytes:
    """Return a form as PDF: a label and a box in each row; a watermark slants over the page."""
    form = TEAM_FORM if isinstance(body, Team) else INDIVIDUAL_FORM
    drawn = [_text(LEFT, TOP + 40, form.annex, 12), _text(LEFT + 40, TOP + 16, form.title, 14)]
    pictures: list[tuple[bytes, tuple[int, int]]] = []
    y = float(TOP)
    if form.photo and photo:
        pictures.append((photo, PHOTO))
        y -= PHOTO[1] + 2 * MARGIN
        drawn.append(f"{LEFT} {y:.1f} {WIDTH} {TOP - y:.1f} re S\n")
        drawn.append(_picture(1, LEFT + WIDTH - PHOTO[0] - MARGIN, y + MARGIN, PHOTO))
    for fields in form.rows:
        is_opinion = fields[0].kind == "opinion" and seal is not None
        y = _add_row(drawn, y, fields, body, SEAL + 2 * MARGIN if is_opinion else 0)
        if is_opinion:
            assert seal is not None
            pictures.append((_as_jpeg(seal), (SEAL, SEAL)))
            place = LEFT + WIDTH - SEAL - 40
            drawn.append(_picture(len(pictures), place, y + MARGIN, (SEAL, SEAL)))
    if watermark:
        drawn.append(
            "q 0.85 g BT /F1 44 Tf 0.707 0.707 -0.707 0.707 150 260 Tm"
            f" <{watermark.encode('utf-16-be').hex()}> Tj ET Q\n"
        )
    return _document("".join(drawn), [data for data, _ in pictures])


def _lines(field: FormField, body: Team | Individual, width: float) -> list[str]:
    """Return what stands in the box of a field, line by line."""
    value = getattr(body, field.name)
    if field.kind == "regions":
        texts = [" ".join(part for part in region if part) for region in value]
    elif field.kind == "options":
        other = getattr(body, f"{field.name}_other") or "____"
        marks = "　".join(f"{'■' if word in value else '□'}{word}" for word in field.options)
        texts = [f"{marks}{other}。"]
    elif field.kind == "names":
        texts = ["、".join(value)]
    elif field.kind == "opinion":
        day = body.recommend_date
        texts = [value or "", "", f"{day.year}年{day.month}月{day.day}日" if day else ""]
    else:
        texts = ("" if value is None else str(value)).split("\n")
    return [line for text in texts for line in _wrap(text, width)]


def _wrap(text: str, width_of_box: float) -> Iterator[str]:
    """Yield the lines into which a text is broken at the width of a box."""
    room = (width_of_box - 2 * MARGIN) / SIZE
    line, used = "", 0.0
    for char in text:
        width = 0.5 if char.isascii() else 1.0
        if used + width > room:
            yield line
            line, used = "", 0.0
        line, used = line + char, used + width
    yield line


def _add_row(
    drawn: list[str],
    y: float,
    fields: Sequence[FormField],
    body: Team | Individual,
    least: float,
) -> float:
    """Draw a row of labels and boxes below ``y`` and return its lower edge."""
    width = WIDTH / len(fields)
    cells: list[tuple[float, float, list[str]]] = []
    for number, field in enumerate(fields):
        x = LEFT + number * width
        cells.append((x, LABEL_WIDTH, list(_wrap(field.label, LABEL_WIDTH))))
        room = width - LABEL_WIDTH
        cells.append((x + LABEL_WIDTH, room, _lines(field, body, room)))
    height = max(max(len(lines) for _, _, lines in cells) * LINE + 2 * MARGIN, least)
    for x, room, lines in cells:
        drawn.append(f"{x:.1f} {y - height:.1f} {room:.1f} {height:.1f} re S\n")
        for number, line in enumerate(lines):
            drawn.append(_text(x + MARGIN, y - MARGIN - SIZE - number * LINE, line, SIZE))
    return y - height


def _text(x: float, y: float, words: str, size: float) -> str:
    return f"BT /F1 {size} Tf {x} {y:.1f} Td <{words.encode('utf-16-be').hex()}> Tj ET\n"


def _picture(number: int, x: float, y: float, size: tuple[int, int]) -> str:
    return f"q {size[0]} 0 0 {size[1]} {x} {y:.1f} cm /P{number} Do Q\n"


def _as_jpeg(data: bytes) -> bytes:
    """Return a picture as JPEG on white."""
    with Image.open(BytesIO(data)) as image:
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    buffer = BytesIO()
    white.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _document(content: str, pictures: list[bytes]) -> bytes:
    """Return a PDF of one page with its pictures, which are JPEG."""
    stream = content.encode("ascii")
    names = " ".join(f"/P{number} {7 + number} 0 R" for number in range(1, len(pictures) + 1))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents 4 0 R"
        f" /Resources << /Font << /F1 5 0 R >> /XObject << {names} >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *_FONT,
        *(_image_object(data) for data in pictures),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )


def _image_object(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        width, height = image.size
    head: Any = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
        b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n"
    )
    return bytes(head % (width, height, len(data))) + data + b"\nendstream"
