"""PDF files written operator by operator: forms with what no office program writes."""

from collections.abc import Iterable, Sequence

LEFT, TOP, ROW, WIDTHS = 40, 790, 26, (120, 137, 120, 138)
ROWS: Sequence[Sequence[str]] = (
    ("团队名称", "测试高原农业服务团队", "团队专家总人数", "12"),
    ("负责人姓名", "测试甲", "联系方式", "19900001234"),
    ("Email", "ceshi@example.com", "邮政编码", "550001"),
    ("带动脱贫贫困人口数", "1200人", "累计服务天数", "365天"),
    ("所服务的贫困地区", "贵州省毕节市赫章县平山镇", "职务/职称", "研究员"),
    ("服务类别", "☑种植 □养殖 □其他____。", "服务方式", "☑培训 □其他____。"),
    ("主要事迹", "测试甲自2016年以来长期深入乡村，帮助村民增收。", "", ""),
)
TITLE = "2016年以来全国科技助力精准扶贫先进团队推荐表"


def text(x: float, y: float, words: str, *, size: float = 10, before: str = "") -> str:
    """Operators that draw a text; ``before`` are operators ahead of it (colour, mode, matrix)."""
    return f"q {before} BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET Q\n"


def form(rows: Sequence[Sequence[str]] = ROWS, *, again: float = 0) -> str:
    """Operators of a form; with ``again`` every text is drawn a second time so far beside."""
    drawn = text(LEFT, TOP + 20, TITLE)
    for number, row in enumerate(rows):
        y = TOP - ROW * number
        x = LEFT
        for width, words in zip(WIDTHS, row, strict=True):
            drawn += f"{x} {y - 8} {width} {ROW} re S\n"
            for offset in (0, again) if again else (0,):
                drawn += text(x + 3 + offset, y, words)
            x += width
    return drawn


def value_spot(row: int, column: int = 1) -> tuple[float, float]:
    """Where the value of a row begins."""
    return LEFT + sum(WIDTHS[:column]) + 3, TOP - ROW * row


def pdf(
    content: str,
    annotations: Iterable[str] = (),
    *,
    rotate: int = 0,
    box: str = "",
    drawing: str = "",
) -> bytes:
    """A PDF of one page with a font for Chinese, and annotations as dictionaries.

    ``box`` is its crop box; the page may use the layer /L0, which is switched off, the graphics
    states /Clear and /Blend, and the ``drawing`` /X0, whose box is 100 points wide and high.
    """
    notes = list(annotations)
    references = " ".join(f"{10 + at} 0 R" for at in range(len(notes)))
    stream = content.encode("latin-1")
    crop = f"/CropBox [{box}]" if box else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {crop} /Rotate {rotate}"
        f" /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /L0 8 0 R >>"
        f" /ExtGState << /Clear << /ca 0 >> /Blend << /BM /Multiply >> >>"
        f" /XObject << /X0 9 0 R >> >> /Annots [{references}] >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
        b" /FontDescriptor 7 0 R /DW 1000 /W [1 [500] 814 939 500] >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        b"<< /Type /OCG /Name (L0) >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F1 5 0 R >> >>"
        b" /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing.encode("latin-1")),
        *(note.encode("latin-1") for note in notes),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(body))
    )


def typed_note(row: int, words: str, *, subtype: str = "FreeText", more: str = "") -> str:
    """An annotation over the value of a row."""
    x, y = value_spot(row)
    contents = (b"\xfe\xff" + words.encode("utf-16-be")).hex()
    box = f"[{x} {y - 4} {x + WIDTHS[1] - 8} {y + 12}]"
    return f"<< /Type /Annot /Subtype /{subtype} /Rect {box} /Contents <{contents}> {more} >>"


def form_field(row: int, words: str) -> str:
    """A text field of a form over the value of a row."""
    x, y = value_spot(row)
    value = (b"\xfe\xff" + words.encode("utf-16-be")).hex()
    box = f"[{x} {y - 4} {x + WIDTHS[1] - 8} {y + 12}]"
    return f"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect {box} /V <{value}> >>"
