"""A family of recommendation forms with known answers: one trick each, made by rule.

``forms(seed)`` yields every variant for both annexes; a variant says what every field must be
read as, which findings it must raise on which fields, and which fields the trick is about.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from word_maker import (  # fmt: skip
    PICTURE,
    box,
    cell,
    lines,
    package,
    para,
    row,
    run,
    sdt,
    sym,
    table,
    text_box,
)
from word_maker import field as word_field

from kjfp_helpers.forms import INDIVIDUAL_FORM, TEAM_FORM, Field, Form
from kjfp_helpers.intake.values import check_digit

LABELS = {"姓名": "姓　名", "性别": "性　别"}
WHOLE = 12
"""Columns of the grid."""
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵周吴", "明华建国秀英志强丽芳伟敏静磊洋勇艳杰娟涛"
_PLACES = (("贵州省", "毕节市", "威宁县", "草海镇", "民族村"), ("云南省", "昭通市", "镇雄县", "乌峰镇", "营山村"),
           ("甘肃省", "定西市", "渭源县", "田家河乡", "元古堆村"), ("四川省", "凉山彝族自治州", "昭觉县", "三岔河乡", "三河村"),
           ("湖南省", "湘西土家族苗族自治州", "花垣县", "双龙镇", "十八洞村"))  # fmt: skip


@dataclass
class Sample:
    """A form with its answers; ``cells`` holds the content of a box where not the plain text."""

    form: Form
    truth: dict[str, Any]
    cells: dict[str, str] = field(default_factory=dict)
    codes: set[tuple[str, str]] = field(default_factory=set)
    focus: set[str] = field(default_factory=set)
    trick: str = ""
    title: bool = True

    def expect(self, name: str, value: Any, *codes: str) -> None:
        self.truth[name] = value
        self.focus.add(name)
        self.codes |= {(code, name) for code in codes}

    def content(self, item: Field) -> str:
        text = self.cells.get(item.name)
        text = plain_text(item, self.truth) if text is None else text
        return box(text, picture=item.kind == "opinion")


def plain_text(item: Field, truth: dict[str, Any]) -> str:
    """What a careful clerk types into a box."""
    value = truth[item.name]
    if item.kind == "options":
        return ticks(item, truth)
    if value is None:
        return ""
    if item.kind == "regions":
        return "\n".join(" ".join(part for part in one if part) for one in value)
    if item.kind == "names":
        return "、".join(value)
    if item.kind == "story":
        return "\n".join(f"　　{line}" for line in value.split("\n"))
    if item.kind == "opinion":
        year, month, day = truth["recommend_date"].split("-")
        return f"　　{value}\n（单位盖章）\n{year}年{int(month)}月{int(day)}日"
    return str(value)


def ticks(
    item: Field, truth: dict[str, Any], on: str = "☑", off: str = "□", gap: str = "　"
) -> str:
    marked = [(on if option in truth[item.name] else off) + option for option in item.options]
    return gap.join(marked) + (truth[f"{item.name}_other"] or "_____") + "。"


def sample(form: Form, rng: random.Random) -> Sample:
    """A form with random right answers."""
    person = lambda: rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.randint(1, 2)))  # noqa: E731
    phone = lambda: f"1{rng.choice('3578')}9{rng.randrange(10**8):08d}"  # noqa: E731
    gender = rng.choice("男女")
    digits = f"520102{rng.randint(1960, 1990)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randrange(10, 100)}"
    digits += str(rng.randrange(5) * 2 + (gender == "男"))
    types = ["种植"] + (["其他"] if rng.random() < 0.5 else [])
    modes = [one for one in ("培训", "技术推广", "就业指导") if rng.random() < 0.6] or ["培训"]
    truth: dict[str, Any] = {
        "team_name": "贵州果树科技服务团", "research_field": "果树栽培/植保", "expert_count": rng.randint(5, 60),
        "leader_name": person(), "leader_phone": phone(), "leader_title": "研究员",
        "email": f"u{rng.randrange(1000)}@example.com", "postcode": f"55{rng.randrange(10**4):04d}",
        "address": f"贵州省贵阳市云岩区中山路{rng.randint(1, 99)}号", "regions": [list(rng.choice(_PLACES))],
        "service_types": types, "service_types_other": "林下养蜂" if "其他" in types else None,
        "service_modes": modes, "service_modes_other": None,
        "expert_names": [person() + "" for _ in range(3)], "people_lifted": rng.randint(120, 9800),
        "service_days": rng.randint(60, 900),
        "story": "该同志（团队）自2016年以来扎根一线，服务贫困村12个，培训农民300人次。\n探索出“协会＋农户”模式，群众称好。",
        "honors": "2018年获全国先进表扬", "recommendation": "经研究，同意推荐。",
        "recommend_date": f"2020-0{rng.randint(6, 8)}-{rng.randint(10, 14)}",
        "name": person(), "gender": gender, "title": "高级农艺师", "political_status": "中共党员",
        "id_number": digits + check_digit(digits), "phone": phone(), "employer": "贵州省农业科学院",
        "employer_contact": person(), "employer_contact_title": "科长", "office_phone": "0851-8376" + f"{rng.randrange(10**4):04d}",
        "fax": "0851-83761234",
    }  # fmt: skip
    names = {item.name for item in form.fields} | {
        "service_types_other",
        "service_modes_other",
        "recommend_date",
    }
    return Sample(form, {name: value for name, value in truth.items() if name in names})


# ---- layouts -------------------------------------------------------------------------------------


def label(item: Field) -> str:
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
    return head(one) + table(*(row(cell(label(item)), cell(one.content(item))) for item in one.form.fields)) + (
        para(PICTURE))  # fmt: skip


def label_and_value(one: Sample) -> str:
    """Every box holds its label and, behind a colon, its value."""

    def joined(item: Field) -> str:
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


def text_of(one: Sample, item: Field) -> str:
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
    return head(one) + table(*(row(cell(box(f"{number}．{item.label}：")), cell(one.content(item)))
                               for number, item in enumerate(one.form.fields, 1))) + para(PICTURE)  # fmt: skip


def story_in_rows(one: Sample) -> str:
    """The deeds run over three rows under one merged label."""
    rows = form_rows(one)
    at = next(n for n, fields in enumerate(one.form.rows) if fields[0].kind == "story")
    pieces = text_of(one, one.form.rows[at][0]).split("\n")
    merges = ['<w:vMerge w:val="restart"/>'] + ["<w:vMerge/>"] * len(pieces)
    more = [row(cell(box(one.form.rows[at][0].label) if not n else para(""), merge=merge), cell(box(piece)))
            for n, (piece, merge) in enumerate(zip(pieces, merges, strict=False))]  # fmt: skip
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

    def wide(fields: tuple[Field, ...]) -> str:
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

    def both(item: Field) -> str:
        return box(item.label + "\n" + text_of(one, item), picture=item.kind == "opinion")

    photo = para(PICTURE) if one.form.photo else ""
    return (
        head(one)
        + photo
        + table(*(row(*(cell(both(item)) for item in fields)) for fields in one.form.rows))
    )


def legacy_merge(one: Sample) -> str:
    """Values over two cells that are merged sideways in the old way."""

    def fields_of(fields: tuple[Field, ...]) -> str:
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
    rows = form_rows(one) if not one.form.photo else [
        row(*(part for item in fields for part in (cell(label(item)), cell(one.content(item))))) for fields in one.form.rows if not fields[0].group]  # fmt: skip
    groups = form_rows(one)[6:8] if one.form.photo else []
    return head(one) + table(*reversed(rows), *groups) + para(PICTURE)


LAYOUTS: tuple[Callable[[Sample], str], ...] = (
    official, in_two_tables, in_three_tables, nested, in_text_box, one_column, label_and_value, below_labels,
    as_lines, cell_controls, row_controls, one_sign_a_line, extra_rows, group_column, further_pages,
    titled_inside, options_in_cells, regions_in_cells, units_in_cells, colon_labels, story_in_rows,
    story_below_its_label, nested_group, blank_columns, line_by_line, numbered_lines, spaced_lines, tabbed_lines,
    ruled_lines, value_in_label_cell, legacy_merge, half_table_half_lines, deleted_row, shuffled,
)  # fmt: skip


# ---- values --------------------------------------------------------------------------------------

Trick = Callable[[Sample, random.Random], None]


def typed(name: str, text: str, value: Any, *codes: str) -> Trick:
    def change(one: Sample, rng: random.Random) -> None:
        one.cells[name] = text
        one.expect(name, value, *codes)

    change.__name__ = f"{name}={text[:12]}"
    return change


def tick_trick(
    title: str, make: Callable[[Field, set[str]], str], *codes: str, other: bool = False
) -> Trick:
    def change(one: Sample, rng: random.Random) -> None:
        item = next(one for one in one.form.fields if one.name == "service_modes")
        chosen = rng.sample(item.options[:3], rng.randint(1, 2)) + (["其他"] if other else [])
        one.cells[item.name] = make(item, set(chosen))
        one.expect(item.name, [option for option in item.options if option in chosen], *codes)

    change.__name__ = title
    return change


def marked(
    on: str, off: str, after: bool = False, gap: str = "　"
) -> Callable[[Field, set[str]], str]:
    def make(item: Field, chosen: set[str]) -> str:
        pieces = []
        for option in item.options:
            sign = on if option in chosen else off
            sign = sign if sign.startswith("<") else (run(sign) if sign else "")
            word = run(option)
            pieces.append((word + sign if after else sign + word) + run(gap))
        return run(" ") + "".join(pieces)

    return make


CHECKED, UNCHECKED = (
    sdt(run("☒" if on else "☐"), f'<w14:checkbox><w14:checked w14:val="{on}"/></w14:checkbox>')
    for on in (1, 0)
)
OLD_ON, OLD_OFF = (
    word_field(
        "FORMCHECKBOX",
        form=f'<w:ffData><w:checkBox><w:default w:val="{on}"/></w:checkBox></w:ffData>',
    )
    for on in (1, 0)
)
EQ_ON, EQ_OFF = word_field("eq \\o\\ac(□,√)"), run("□")
W2 = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'


def _left(item: Field, chosen: set[str]) -> str:
    return "、".join(option for option in item.options if option in chosen)


def _looks(on: str, off: str = "", box_sign: str = "□") -> Callable[[Field, set[str]], str]:
    def make(item: Field, chosen: set[str]) -> str:
        return "".join(
            run(box_sign) + run(option, on if option in chosen else off) + run("　")
            for option in item.options
        )

    return make


TICKS: tuple[Trick, ...] = (
    tick_trick("sym Wingdings", marked(sym("Wingdings", "F0FE"), "□")),
    tick_trick("sym Wingdings fill", marked(sym("Wingdings", "F06E"), "□")),
    tick_trick("sym Wingdings 2", marked(sym("Wingdings 2", "F052"), sym("Wingdings 2", "F0A3"))),
    tick_trick("R in Wingdings 2", marked(run("R", W2), run("£", W2))),
    tick_trick("EQ overlay", marked(EQ_ON, EQ_OFF)),
    tick_trick("content controls", marked(CHECKED, UNCHECKED)),
    tick_trick("FORMCHECKBOX", marked(OLD_ON, OLD_OFF)),
    tick_trick("√ before", marked("√", "□")),
    tick_trick("√ in the box", marked("□√", "□")),
    tick_trick("√ behind", marked("√", "", after=True)),
    tick_trick("√ behind, boxes before", lambda item, chosen: "".join(
        run(f"□{option}{'√' if option in chosen else ''}　") for option in item.options)),
    tick_trick("brackets behind", marked("（√）", "（　）", after=True)),
    tick_trick("brackets before", marked("（√）", "（　）")),
    tick_trick("square brackets", marked("[√]", "[ ]")),
    tick_trick("■", marked("■", "□")),
    tick_trick("● ○", marked("●", "○")),
    tick_trick("◎ ○", marked("◎", "○")),
    tick_trick("box behind", marked("☑", "□", after=True)),
    tick_trick("no gaps", marked("☑", "□", gap="")),
    tick_trick("only chosen left", _left),
    tick_trick("bold", _looks("<w:b/>"), "ambiguous"),
    tick_trick("underlined", _looks('<w:u w:val="single"/>'), "ambiguous"),
    tick_trick("highlighted", _looks('<w:highlight w:val="yellow"/>'), "ambiguous"),
    tick_trick("struck out", _looks("", "<w:strike/>"), "ambiguous"),
    tick_trick("picture of a tick", marked(PICTURE, "□"), "ambiguous"),
    tick_trick("unknown symbol", marked(sym("Odd Font", "F0AA"), "□"), "ambiguous"),
    typed("service_modes", "□培训　□技术推广　□就业指导　□其他_____。", [], "missing"),
    typed("service_modes", "☑培训　☑电商　□技术推广　□就业指导　□其他", ["培训", "电商"], "unknown_option"),
)  # fmt: skip


def all_ticked(one: Sample, rng: random.Random) -> None:
    one.cells["service_modes"] = "☑培训 ☑技术推广 ☑就业指导 ☑其他____。"
    one.expect("service_modes", ["培训", "技术推广", "就业指导", "其他"])
    one.expect("service_modes_other", None, "other_blank")


def other_unticked(one: Sample, rng: random.Random) -> None:
    one.cells["service_modes"] = "☑培训 □技术推广 □就业指导 □其他 远程会诊"
    one.expect("service_modes", ["培训"])
    one.expect("service_modes_other", "远程会诊", "other_unticked")


P, D = "people_lifted", "service_days"
VALUES: tuple[Trick, ...] = (
    all_ticked, other_unticked,
    typed(P, "1.2万", 12000), typed(P, "约300户1200人", 1200), typed(P, "１２００", 1200), typed(P, "一千二百人", 1200),
    typed(P, "壹仟贰佰叁拾肆人", 1234), typed(P, "300户", None, "unit_mismatch"), typed(P, "1200人次", 1200, "unit_mismatch"),
    typed(P, "1200-1500人", None, "ambiguous"), typed(P, "12+16", None, "ambiguous"), typed(P, "共28人（男12人，女16人）", 28),
    typed(P, "2016-2020年共带动1200人", 1200), typed(P, "一万二千余人", 12000), typed(P, "1,280", 1280), typed(P, "300人、500人", 300, "ambiguous"),
    typed(P, "____", None, "missing"), typed(P, "　　人", None, "missing"), typed(P, "待补", None, "missing"), typed(P, "数百人", None, "ambiguous"),
    typed(P, "1200人，其中2019年300人", 1200), typed(P, "0", 0), typed(P, "年均300人", None, "unit_mismatch"),
    typed(D, "三百余天", 300), typed(D, "半年", None, "unit_mismatch"), typed(D, "3年", None, "unit_mismatch"), typed(D, "18个月", None, "unit_mismatch"),
    typed(D, "365天", 365), typed(D, "2016-2020年", None, "ambiguous"), typed(D, "每年60天", None, "unit_mismatch"), typed(D, "近300天", 300),
    typed(D, "9999", 9999, "implausible"), typed(D, "三百六十五天", 365), typed(D, "/", None, "missing"),
    typed("recommend_date", "", None), typed("email", "abc.example.com", "abc.example.com", "email_invalid"),
    typed("postcode", "５５０００１", "550001"), typed("postcode", "55001", "55001", "postcode_invalid"), typed("email", "u1＠example．com", "u1@example.com"),
    typed("address", "暂无", None, "missing"), typed("address", "____贵州省贵阳市一路1号____", "贵州省贵阳市一路1号"),
    typed("honors", "无", None, "missing"), typed("story", "（2000字内，可另附页）", None, "missing"),
    typed("story", "详见附件", "详见附件", "story_in_attachment"),
    typed("regions", "贵州省毕节市威宁县、赫章县、纳雍县", [["贵州省", "毕节市", one, None, None] for one in ("威宁县", "赫章县", "纳雍县")]),
    typed("regions", "贵州 省 毕节 市 威宁 县 草海 乡 民族 村", [["贵州省", "毕节市", "威宁县", "草海乡", "民族村"]]),
    typed("regions", "省　市　县　乡　村", [], "missing"), typed("regions", "毕节市威宁县", [[None, "毕节市", "威宁县", None, None]], "region_incomplete"),
    typed("regions", "贵州省毕节市（威宁县、赫章县）", [["贵州省", "毕节市", one, None, None] for one in ("威宁县", "赫章县")]),
    typed("regions", "贵州省：威宁县、赫章县；云南省：镇雄县", [["贵州省", None, "威宁县", None, None], ["贵州省", None, "赫章县", None, None], ["云南省", None, "镇雄县", None, None]]),
    typed("regions", "贵州__省__毕节__市__威宁__县____乡____村", [["贵州省", "毕节市", "威宁县", None, None]]),
)  # fmt: skip


def dated(text: str, value: str | None, *codes: str) -> Trick:
    def change(one: Sample, rng: random.Random) -> None:
        one.cells["recommendation"] = f"同意推荐。\n（单位盖章）\n{text}"
        one.truth["recommendation"] = "同意推荐。"
        one.expect("recommend_date", value, *codes)

    change.__name__ = f"date={text}"
    return change


DATES: tuple[Trick, ...] = (
    dated("二〇二〇年八月十日", "2020-08-10"), dated("2020.8.10", "2020-08-10"), dated("2020-08-10", "2020-08-10"), dated("20200810", "2020-08-10"),
    dated("2020年８月１０日", "2020-08-10"), dated("2020年8月", None, "date_incomplete"), dated("年　月　日", None, "missing"), dated("2020年2月30日", None, "date_invalid"),
    dated("2020年13月1日", None, "date_invalid"), dated("二○二○年八月十五日", "2020-08-15"), dated("2030年8月10日", "2030-08-10", "date_future"), dated("2020 年 8 月 9 日", "2020-08-09"),
)  # fmt: skip


def id_number(title: str, change: Callable[[str], str], code: str) -> Trick:
    def trick(one: Sample, rng: random.Random) -> None:
        name = "id_number" if "id_number" in one.truth else ""
        if name:
            value = change(one.truth[name])
            one.cells[name] = value
            one.expect(name, value, code)

    trick.__name__ = title
    return trick


def other_gender(one: Sample, rng: random.Random) -> None:
    if "gender" in one.truth:
        one.expect("gender", "女" if one.truth["gender"] == "男" else "男", "id_gender")


def spaced_name(one: Sample, rng: random.Random) -> None:
    name = "name" if "name" in one.truth else "leader_name"
    one.cells[name] = "　".join(one.truth[name])
    one.focus.add(name)


def split_name(one: Sample, rng: random.Random) -> None:
    """The name lies in a content control, half of it in bold."""
    name = "name" if "name" in one.truth else "leader_name"
    one.cells[name] = sdt(run(one.truth[name][:1]) + run(one.truth[name][1:], "<w:b/>"))
    one.cells[name] = para(one.cells[name])
    one.focus.add(name)


def prompt_left(one: Sample, rng: random.Random) -> None:
    one.cells["address"] = para(sdt(run("单击此处输入文字。"), "<w:showingPlcHdr/>"))
    one.expect("address", None, "missing")


def boxed_story(one: Sample, rng: random.Random) -> None:
    one.cells["honors"] = para(text_box(para("2019年获省级表扬")))
    one.expect("honors", "2019年获省级表扬")


def tracked(one: Sample, rng: random.Random) -> None:
    one.cells["address"] = para(run("贵州省贵阳市"), "<w:del><w:r><w:delText>一路1号</w:delText></w:r></w:del>",
                                f"<w:ins>{run('二路2号')}</w:ins>")  # fmt: skip
    one.expect("address", "贵州省贵阳市二路2号", "tracked_changes")


def commented(one: Sample, rng: random.Random) -> None:
    one.cells["employer" if "employer" in one.truth else "team_name"] = para(
        run("贵州省农科院服务团"), '<w:r><w:commentReference w:id="1"/></w:r>')  # fmt: skip
    one.expect(
        "employer" if "employer" in one.truth else "team_name", "贵州省农科院服务团", "comments"
    )


def hidden(one: Sample, rng: random.Random) -> None:
    one.cells[P] = para(run("1200"), run("5000", "<w:vanish/>"))
    one.expect(P, 1200, "hidden_text")


def struck_text(one: Sample, rng: random.Random) -> None:
    one.cells[P] = para(run("1500", "<w:strike/>"), run("1200"))
    one.expect(P, 1200, "ambiguous")


def digit_cells(one: Sample, rng: random.Random) -> None:
    one.cells["postcode"] = table(row(*(cell(box(sign)) for sign in one.truth["postcode"])))
    one.focus.add("postcode")


def region_table(one: Sample, rng: random.Random) -> None:
    heads, values = ("省", "市", "县", "乡", "村"), ("贵州", "毕节", "威宁", "草海", "民族")
    one.cells["regions"] = table(
        row(*(cell(box(one)) for one in heads)), row(*(cell(box(one)) for one in values))
    )
    one.expect("regions", [["贵州省", "毕节市", "威宁县", "草海乡", "民族村"]])


def names_in_lines(one: Sample, rng: random.Random) -> None:
    if "expert_names" in one.truth:
        one.cells["expert_names"] = "\n".join(
            f"{n}.{name}" for n, name in enumerate(one.truth["expert_names"], 1)
        )
        one.focus.add("expert_names")


MORE: tuple[Trick, ...] = (
    id_number("id15", lambda number: number[:6] + number[8:17], "id15"), id_number("id long", lambda number: number + "1", "id_length"),
    id_number("id checksum", lambda number: number[:17] + ("1" if number[17] != "1" else "2"), "id_checksum"),
    other_gender, spaced_name, split_name, prompt_left, boxed_story, tracked, commented, hidden, struck_text, digit_cells, region_table, names_in_lines,
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    trick: str
    data: bytes
    sample: Sample


def forms(seed: int) -> Iterator[Variant]:
    """Every trick on both annexes: layouts with plain values, values in the official layout."""
    for form in (TEAM_FORM, INDIVIDUAL_FORM):
        for layout in LAYOUTS:
            one = sample(form, random.Random(f"{seed}{form.kind}{layout.__name__}"))
            one.focus = set(one.truth)
            yield Variant(layout.__name__, package(layout(one)), one)
        for trick in (*TICKS, *VALUES, *DATES, *MORE):
            rng = random.Random(f"{seed}{form.kind}{trick.__name__}")
            one = sample(form, rng)
            trick(one, rng)
            if one.focus and trick.__name__ != "recommend_date=":
                layout = official if seed % 2 == 0 else rng.choice(LAYOUTS[:6])
                yield Variant(f"{trick.__name__} / {layout.__name__}", package(layout(one)), one)
