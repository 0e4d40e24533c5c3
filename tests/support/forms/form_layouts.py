"""Layouts of a form: the same answers, laid out in every way that units do."""

from collections.abc import Callable

from kjfp_helpers.core.form_schema import FormField
from support.forms.form_samples import LABELS, PLACES, WHOLE, Sample, plain_text
from support.forms.word_files import PICTURE, box, cell, lines, para, row, sdt, table, text_box


def label(item: FormField) -> str:
    return box(LABELS.get(item.label, item.label))


def form_rows(one: Sample) -> list[str]:
    """The rows of the official layout."""
    rows = []
    groups = 0
    for number, fields in enumerate(one.form.rows):
        cells = []
        if fields[0].group:
            merge = "<w:vMerge/>" if groups else '<w:vMerge w:val="restart"/>'
            cells.append(cell(box("" if groups else fields[0].group), merge=merge))
            groups += 1
        photo = one.form.photo and number < 4
        share = (WHOLE - len(cells) - 2 * photo) // (2 * len(fields))
        for item in fields:
            cells += [cell(label(item), span=share), cell(one.content(item), span=share)]
        if photo:
            merge = "<w:vMerge/>" if number else '<w:vMerge w:val="restart"/>'
            cells.append(cell(para(PICTURE) if not number else box(""), span=2, merge=merge))
        rows.append(row(*cells))
    return rows


def head(one: Sample) -> str:
    return lines(f"{one.form.annex}\n{one.form.title}")


def official(one: Sample) -> str:
    return head(one) + table(*form_rows(one))


def in_two_tables(one: Sample) -> str:
    rows = form_rows(one)
    return head(one) + table(*rows[:7]) + para("") + table(*rows[7:])


def in_three_tables(one: Sample) -> str:
    rows = form_rows(one)
    return (
        head(one)
        + table(*rows[:7])
        + para("")
        + table(*rows[7:-3])
        + para("（续表）")
        + table(*rows[-3:])
    )


def nested(one: Sample) -> str:
    return head(one) + table(row(cell(box("") + table(*form_rows(one)) + para(""))))


def in_text_box(one: Sample) -> str:
    return head(one) + para(text_box(table(*form_rows(one))))


def one_column(one: Sample) -> str:
    return (
        head(one)
        + table(*(row(cell(label(item)), cell(one.content(item))) for item in one.form.fields))
        + (para(PICTURE))
    )


def label_and_value(one: Sample) -> str:
    """Every box holds its label and, behind a colon, its value."""

    def joined(item: FormField) -> str:
        text = one.cells.get(item.name) or plain_text(item, one.truth)
        long = item.kind in ("story", "opinion")
        return box(
            f"{item.label}：" + ("\n" if long else "") + text, picture=item.kind == "opinion"
        )

    photo = para(PICTURE) if one.form.photo else ""
    rows = [row(*(cell(joined(item)) for item in fields)) for fields in one.form.rows]
    return head(one) + photo + table(*rows)


def below_labels(one: Sample) -> str:
    """Labels in one row, values in the next."""
    rows = []
    for fields in one.form.rows:
        if fields[0].kind in ("story", "opinion") or fields[0].name == "honors" or fields[0].group:
            rows += [
                row(cell(label(item), span=2), cell(one.content(item), span=4)) for item in fields
            ]
            continue
        rows.append(row(*(cell(label(item), span=2) for item in fields)))
        rows.append(row(*(cell(one.content(item), span=2) for item in fields)))
    return head(one) + para(PICTURE) + table(*rows)


def as_lines(one: Sample) -> str:
    """No table at all: a line for each row of the form."""
    text = []
    for fields in one.form.rows:
        if fields[0].kind in ("story", "opinion"):
            item = fields[0]
            text.append(
                f"{item.label}：\n{one.cells.get(item.name) or plain_text(item, one.truth)}"
            )
        else:
            text.append(
                "　　".join(
                    f"{item.label}：{one.cells.get(item.name) or plain_text(item, one.truth)}"
                    for item in fields
                )
            )
    return head(one) + lines("\n".join(text)) + para(PICTURE)


def cell_controls(one: Sample) -> str:
    """Every value cell is a content control around the cell."""
    rows = form_rows(one)
    wrapped = [
        part.replace("<w:tc>", "<w:sdt><w:sdtPr/><w:sdtContent><w:tc>").replace(
            "</w:tc>", "</w:tc></w:sdtContent></w:sdt>"
        )
        for part in rows
    ]
    return head(one) + table(*wrapped)


def row_controls(one: Sample) -> str:
    return head(one) + table(*(sdt(part) for part in form_rows(one)))


def one_sign_a_line(one: Sample) -> str:
    """Labels set upright: one character in each paragraph."""
    rows = [
        row(cell(lines("\n".join(item.label))), cell(one.content(item))) for item in one.form.fields
    ]
    return head(one) + table(*rows) + para(PICTURE)


def extra_rows(one: Sample) -> str:
    rows = form_rows(one)
    added = row(
        cell(box("民　族"), span=2),
        cell(box("汉族"), span=2),
        cell(box("学历"), span=2),
        cell(box("本科"), span=4),
    )
    remark = row(cell(box("备注"), span=3), cell(box("无其他事项说明"), span=9))
    return head(one) + table(*rows[:2], added, *rows[2:-1], remark, rows[-1])


def group_column(one: Sample) -> str:
    """A first column with the names of blocks."""
    rows = form_rows(one)

    def with_group(part: str, number: int) -> str:
        merge = '<w:vMerge w:val="restart"/>' if number in (0, 7) else "<w:vMerge/>"
        words = {0: "基本情况", 7: "服务情况"}.get(number, "")
        return part.replace("<w:tr>", "<w:tr>" + cell(box(words), merge=merge), 1)

    return head(one) + table(*(with_group(part, number) for number, part in enumerate(rows)))


def further_pages(one: Sample) -> str:
    first, rest = (
        "事迹见附页。",
        "团队扎根一线五年，走遍全县二十个乡镇，手把手教会农户果树管护，培育带头人三十名，" * 3,
    )
    one.cells["story"] = first
    one.expect("story", rest, "story_in_attachment")
    return official(one) + para("附页：主要事迹") + para("　　" + rest)


def text_of(one: Sample, item: FormField) -> str:
    return one.cells.get(item.name) or plain_text(item, one.truth)


def titled_inside(one: Sample) -> str:
    """The title stands in the table's first row."""
    title = row(cell(box(f"{one.form.annex}　{one.form.title}"), span=WHOLE))
    return table(title, *form_rows(one))


def options_in_cells(one: Sample) -> str:
    rows = form_rows(one)
    for item in (one for one in one.form.fields if one.kind == "options"):
        at = next(n for n, fields in enumerate(one.form.rows) if fields[0] is item)
        words = text_of(one, item).split("　")
        rows[at] = row(cell(label(item)), *(cell(box(word)) for word in words))
    return head(one) + table(*rows)


def regions_in_cells(one: Sample) -> str:
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "regions")
    parts = [part for part in one.truth["regions"][0] if part]
    rows[at] = row(cell(label(one.form.rows[at][0])), *(cell(box(part)) for part in parts))
    return head(one) + table(*rows)


def units_in_cells(one: Sample) -> str:
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].name == "people_lifted")
    cells = []
    for item, unit in zip(one.form.rows[at], ("人", "天"), strict=True):
        cells += [cell(label(item)), cell(one.content(item)), cell(box(unit))]
    rows[at] = row(*cells)
    return head(one) + table(*rows)


def colon_labels(one: Sample) -> str:
    return (
        head(one)
        + table(
            *(
                row(cell(box(f"{number}．{item.label}：")), cell(one.content(item)))
                for number, item in enumerate(one.form.fields, 1)
            )
        )
        + para(PICTURE)
    )


def story_in_rows(one: Sample) -> str:
    """The deeds run over three rows under one merged label."""
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "story")
    pieces = text_of(one, one.form.rows[at][0]).split("\n")
    merges = ['<w:vMerge w:val="restart"/>'] + ["<w:vMerge/>"] * len(pieces)
    more = [
        row(
            cell(box(one.form.rows[at][0].label) if not n else para(""), merge=merge),
            cell(box(piece)),
        )
        for n, (piece, merge) in enumerate(zip(pieces, merges, strict=False))
    ]
    return head(one) + table(*rows[:at], *more, *rows[at + 1 :])


def story_below_its_label(one: Sample) -> str:
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "story")
    item = one.form.rows[at][0]
    return head(one) + table(
        *rows[:at],
        row(cell(label(item), span=WHOLE)),
        row(cell(one.content(item), span=WHOLE)),
        *rows[at + 1 :],
    )


def nested_group(one: Sample) -> str:
    """The employer's contact is a table inside the group's cell."""
    rows = form_rows(one)
    numbers = [n for n, fields in enumerate(one.form.rows) if fields[0].group]
    if numbers:
        inner = table(
            *(
                row(
                    *(
                        part
                        for item in one.form.rows[n]
                        for part in (cell(label(item)), cell(one.content(item)))
                    )
                )
                for n in numbers
            )
        )
        group = row(
            cell(box(one.form.rows[numbers[0]][0].group), span=2), cell(inner + para(""), span=10)
        )
        rows = [*rows[: numbers[0]], group, *rows[numbers[-1] + 1 :]]
    return head(one) + table(*rows)


def blank_columns(one: Sample) -> str:
    """An empty cell stands between label and value."""

    def wide(fields: tuple[FormField, ...]) -> str:
        return row(
            *(
                part
                for item in fields
                for part in (cell(label(item)), cell(box("")), cell(one.content(item)))
            )
        )

    return head(one) + table(*(wide(fields) for fields in one.form.rows)) + para(PICTURE)


def line_by_line(one: Sample, between: str = "：", number: str = "") -> str:
    words = []
    for at, item in enumerate(one.form.fields, 1):
        gap = "\n" if item.kind in ("story", "opinion") else ""
        words.append(f"{number.format(at)}{item.label}{between}{gap}{text_of(one, item)}")
    return head(one) + lines("\n".join(words)) + para(PICTURE)


def numbered_lines(one: Sample) -> str:
    return line_by_line(one, number="{}．")


def spaced_lines(one: Sample) -> str:
    return line_by_line(one, "　　　")


def tabbed_lines(one: Sample) -> str:
    return line_by_line(one, "\t")


def ruled_lines(one: Sample) -> str:
    """Values on rules, two or three to a line."""
    words = []
    for fields in one.form.rows:
        if fields[0].kind in ("story", "opinion"):
            words.append(f"{fields[0].label}\n{text_of(one, fields[0])}")
        else:
            words.append("  ".join(f"{item.label}：__{text_of(one, item)}__" for item in fields))
    return head(one) + lines("\n".join(words)) + para(PICTURE)


def value_in_label_cell(one: Sample) -> str:
    """Label in the cell's first line, value in the lines below."""

    def both(item: FormField) -> str:
        return box(item.label + "\n" + text_of(one, item), picture=item.kind == "opinion")

    photo = para(PICTURE) if one.form.photo else ""
    return (
        head(one)
        + photo
        + table(*(row(*(cell(both(item)) for item in fields)) for fields in one.form.rows))
    )


def legacy_merge(one: Sample) -> str:
    """Values over two cells that are merged sideways in the old way."""

    def fields_of(fields: tuple[FormField, ...]) -> str:
        return row(
            *(
                part
                for item in fields
                for part in (
                    cell(label(item)),
                    cell(one.content(item), merge='<w:hMerge w:val="restart"/>'),
                    cell(box(""), merge="<w:hMerge/>"),
                )
            )
        )

    return head(one) + table(*(fields_of(fields) for fields in one.form.rows)) + para(PICTURE)


def half_table_half_lines(one: Sample) -> str:
    """The form's table ends before the deeds, which follow as headed text."""
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "story")
    rest = "\n".join(
        f"{fields[0].label}：\n{text_of(one, fields[0])}" for fields in one.form.rows[at:]
    )
    return head(one) + table(*rows[:at]) + lines(rest) + para(PICTURE)


def deleted_row(one: Sample) -> str:
    """A row that tracked changes took out still stands in the file."""
    rows = form_rows(one)
    gone = row(cell(box("通讯地址")), cell(box("旧地址"))).replace(
        "<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>"
    )
    one.codes.add(("tracked_changes", ""))
    return head(one) + table(gone, *rows)


def shuffled(one: Sample) -> str:
    """Rows in another order."""
    rows = (
        form_rows(one)
        if not one.form.photo
        else [
            row(*(part for item in fields for part in (cell(label(item)), cell(one.content(item)))))
            for fields in one.form.rows
            if not fields[0].group
        ]
    )
    groups = form_rows(one)[6:8] if one.form.photo else []
    return head(one) + table(*reversed(rows), *groups) + para(PICTURE)


def two_regions(one: Sample, *, merged: bool) -> str:
    """Each area in a row of its own, under one label or under an empty cell."""
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "regions")
    one.truth["regions"] = [list(PLACES[0]), list(PLACES[1])]
    first, rest = ('<w:vMerge w:val="restart"/>', "<w:vMerge/>") if merged else ("", "")
    rows[at : at + 1] = [
        row(
            cell(label(one.form.rows[at][0]) if not n else box(""), span=3, merge=merge),
            cell(box("".join(place)), span=9),
        )
        for n, (place, merge) in enumerate(zip(PLACES[:2], (first, rest), strict=True))
    ]
    return head(one) + table(*rows)


def regions_merged(one: Sample) -> str:
    return two_regions(one, merged=True)


def regions_under_blank(one: Sample) -> str:
    return two_regions(one, merged=False)


def date_in_cells(one: Sample) -> str:
    """The date of the signature lies in cells of its own below the opinion."""
    rows = form_rows(one)
    year, month, day = one.truth["recommend_date"].split("-")
    item = one.form.fields[-1]
    opinion = row(
        cell(label(item), span=2), cell(box(one.truth["recommendation"], picture=True), span=10)
    )
    dated = row(
        *(
            cell(box(sign))
            for sign in ("", "单位盖章", year, "年", str(int(month)), "月", str(int(day)), "日")
        )
    )
    return head(one) + table(*rows[:-1], opinion, dated)


LAYOUTS: tuple[Callable[[Sample], str], ...] = (
    official,
    in_two_tables,
    in_three_tables,
    nested,
    in_text_box,
    one_column,
    label_and_value,
    below_labels,
    as_lines,
    cell_controls,
    row_controls,
    one_sign_a_line,
    extra_rows,
    group_column,
    further_pages,
    titled_inside,
    options_in_cells,
    regions_in_cells,
    units_in_cells,
    colon_labels,
    story_in_rows,
    story_below_its_label,
    nested_group,
    blank_columns,
    line_by_line,
    numbered_lines,
    spaced_lines,
    tabbed_lines,
    ruled_lines,
    value_in_label_cell,
    legacy_merge,
    half_table_half_lines,
    deleted_row,
    shuffled,
    regions_merged,
    regions_under_blank,
    date_in_cells,
)
