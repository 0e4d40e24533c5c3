"""Forms that were cut, labelled anew or written around: the parts still make one form."""

from collections.abc import Callable

from kjfp_helpers.core.form_schema import FormField
from support.forms.form_layouts import form_rows, head, label
from support.forms.form_samples import WHOLE, Sample, plain_text
from support.forms.word_files import PICTURE, box, cell, lines, para, row, run, table

PAGE = para('<w:r><w:br w:type="page"/></w:r>')
SHARED = "regions"
"""The first field from which on both annexes have the same labels."""


def at_field(one: Sample, name: str) -> int:
    return next(
        number
        for number, fields in enumerate(one.form.rows)
        if any(item.name == name for item in fields)
    )


def item_of(one: Sample, name: str) -> FormField:
    return next(item for item in one.form.fields if item.name == name)


def cut_where_annexes_agree(one: Sample) -> str:
    """The second table holds only labels that both annexes have."""
    rows, at = form_rows(one), at_field(one, SHARED) + 1
    return head(one) + table(*rows[:at]) + para("") + table(*rows[at:])


def titled_again(one: Sample) -> str:
    rows, at = form_rows(one), at_field(one, SHARED) + 1
    return head(one) + table(*rows[:at]) + PAGE + head(one) + table(*rows[at:])


def titled_inside_again(one: Sample) -> str:
    rows, at = form_rows(one), at_field(one, SHARED) + 1
    title = row(cell(box(one.form.title), span=WHOLE))
    return table(title, *rows[:at]) + para("") + table(title, *rows[at:])


def table_for_each_row(one: Sample) -> str:
    """Programs cut a long table between any two rows."""
    pairs = [
        row(cell(label(item), span=3), cell(one.content(item), span=9)) for item in one.form.fields
    ]
    return head(one) + "".join(table(each) + para("") for each in pairs) + para(PICTURE)


def few_rows_before(one: Sample) -> str:
    """The first table is too small to be taken for a form."""
    pairs = [
        row(cell(label(item), span=3), cell(one.content(item), span=9)) for item in one.form.fields
    ]
    return head(one) + table(*pairs[:3]) + para("") + table(*pairs[3:]) + para(PICTURE)


def parts_with_heads(one: Sample) -> str:
    rows, at = form_rows(one), at_field(one, SHARED)
    return (
        head(one)
        + para("一、基本情况")
        + table(*rows[:at])
        + para("二、服务情况")
        + table(*rows[at:-3])
        + para("三、事迹与意见")
        + table(*rows[-3:])
    )


def story_cut(one: Sample, name: str) -> str:
    rows, at = form_rows(one), at_field(one, "story")
    first, rest = one.truth["story"].split("\n")
    story = item_of(one, "story")
    rows[at] = row(cell(label(story), span=2), cell(box(first), span=10))
    more = row(cell(box(name), span=2), cell(box(rest), span=10))
    return head(one) + table(*rows[: at + 1]) + para("") + table(more, *rows[at + 1 :])


def story_cut_without_label(one: Sample) -> str:
    return story_cut(one, "")


def story_cut_labelled_again(one: Sample) -> str:
    return story_cut(one, "主要事迹（续）")


def pointed(one: Sample, box_text: str, behind: str) -> str:
    one.cells["story"] = box_text
    one.codes.add(("story_in_attachment", "story"))
    return head(one) + table(*form_rows(one)) + PAGE + lines(behind)


def story_behind(one: Sample) -> str:
    return pointed(one, "（可另附页）\n见附页", f"主要事迹\n{one.truth['story']}")


def story_goes_on_behind(one: Sample) -> str:
    first, rest = one.truth["story"].split("\n")
    return pointed(one, f"{first}\n（续见附页）", f"主要事迹（续）\n{rest}")


def spaced_labels(one: Sample) -> str:
    rows = [
        row(cell(box("　 ".join(item.label)), span=4), cell(one.content(item), span=8))
        for item in one.form.fields
    ]
    return head(one) + table(*rows) + para(PICTURE)


def group_in_each_label(one: Sample) -> str:
    names = {
        "employer_contact": "工作单位联系人",
        "employer_contact_title": "联系人职务",
        "office_phone": "单位办公电话",
        "fax": "单位传真",
    }
    rows = [
        row(cell(box(names.get(item.name, item.label)), span=3), cell(one.content(item), span=9))
        for item in one.form.fields
    ]
    return head(one) + table(*rows) + para(PICTURE)


def regions_under_heads(one: Sample) -> str:
    """The levels stand in cells of their own, the names in those below; one label for both."""
    rows, at = form_rows(one), at_field(one, "regions")
    (region,) = one.truth["regions"]
    heads = row(
        cell(label(item_of(one, "regions")), span=2, merge='<w:vMerge w:val="restart"/>'),
        *(cell(box(level), span=2) for level in "省市县乡村"),
    )
    named = row(
        cell(box(""), span=2, merge="<w:vMerge/>"), *(cell(box(part), span=2) for part in region)
    )
    rows[at : at + 1] = [heads, named]
    return head(one) + table(*rows)


def opinion_row(one: Sample, content: str, *below: str) -> str:
    rows = form_rows(one)
    opinion = row(cell(label(one.form.fields[-1]), span=2), cell(content, span=10))
    return head(one) + table(*rows[:-1], opinion, *below)


def date_of(one: Sample) -> tuple[str, str, str]:
    year, month, day = one.truth["recommend_date"].split("-")
    return year, str(int(month)), str(int(day))


def date_has_its_label(one: Sample) -> str:
    year, month, day = date_of(one)
    dated = row(cell(box("推荐日期"), span=2), cell(box(f"{year}年{month}月{day}日"), span=10))
    return opinion_row(one, box(one.truth["recommendation"], picture=True), dated)


def date_in_a_table(one: Sample) -> str:
    year, month, day = date_of(one)
    inner = table(row(*(cell(box(sign)) for sign in (year, "年", month, "月", day, "日"))))
    words = lines(f"{one.truth['recommendation']}\n（单位盖章）") + para(PICTURE)
    return opinion_row(one, words + inner)


def date_in_two_lines(one: Sample) -> str:
    year, month, day = date_of(one)
    words = f"{one.truth['recommendation']}\n公章：\n{year}年\n{month}月{day}日"
    return opinion_row(one, lines(words) + para(PICTURE))


def notes_below(one: Sample) -> str:
    notes = row(cell(box("填表说明：本表一式两份，请如实填写。"), span=WHOLE))
    return head(one) + table(*form_rows(one), notes)


def notes_behind(one: Sample) -> str:
    notes = "填表说明：\n1.联系方式请填写手机号码，工作单位请填写全称，不得使用简称。\n2.主要事迹不超过规定字数，可另附页；获得表扬或荣誉为省部级及以上。\n填表人：某某　联系电话：010-99990001"
    return head(one) + table(*form_rows(one)) + lines(notes)


def title_in_two_lines(one: Sample) -> str:
    first, last = one.form.title.split("先进")
    return lines(f"{first}\n先进{last}") + table(*form_rows(one))


def behind_a_letter(one: Sample) -> str:
    """A dated letter and the list of annexes stand above the form."""
    letter = "\n".join(
        (
            "关于报送推荐材料的函",
            "现将先进团队、先进个人推荐表报上，请审阅。",
            "2020年6月30日",
            "附件：1.2016年以来全国科技助力精准扶贫先进团队推荐表",
            "2.2016年以来全国科技助力精准扶贫先进个人推荐表",
        )
    )
    return lines(letter) + PAGE + head(one) + table(*form_rows(one))


def numbered_in_front(one: Sample) -> str:
    rows = [
        row(cell(box(str(number))), cell(label(item), span=3), cell(one.content(item), span=8))
        for number, item in enumerate(one.form.fields, start=1)
    ]
    return head(one) + table(*rows) + para(PICTURE)


def headed_sections(one: Sample) -> str:
    rows, at = form_rows(one), at_field(one, SHARED)
    first, then = (row(cell(box(words), span=WHOLE)) for words in ("一、基本情况", "二、服务情况"))
    return head(one) + table(first, *rows[:at], then, *rows[at:])


def ends_deleted(one: Sample) -> str:
    """Only the end of a paragraph was deleted, so that two are one."""
    words = one.truth["address"]
    first = para(run(words[:5])).replace("<w:p>", "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", 1)
    one.cells["address"] = first + para(words[5:])
    one.codes.add(("tracked_changes", ""))
    return head(one) + table(*form_rows(one))


def lines_under_a_form(one: Sample) -> str:
    """Lines of the body with a signature of the letter behind the date."""
    text = [
        f"{item.label}：{plain_text(item, one.truth)}"
        if item.kind not in ("story", "opinion")
        else f"{item.label}：\n{plain_text(item, one.truth)}"
        for item in one.form.fields
    ]
    return head(one) + lines("\n".join(text)) + para(PICTURE) + lines("此致\n某省科协办公室")


def labels_typed_again(one: Sample) -> str:
    for name in ("story", "address", "email"):
        item = item_of(one, name)
        one.cells[name] = f"{item.label}：{plain_text(item, one.truth)}"
    return head(one) + table(*form_rows(one))


def photo_with_its_hint(one: Sample) -> str:
    photo = box("（近期2寸免冠蓝底彩色照片）") + para(PICTURE)
    rows = form_rows(one)
    whole = rows[0].replace(para(PICTURE), photo) if one.form.photo else rows[0]
    return head(one) + table(whole, *rows[1:])


SPREAD: tuple[Callable[[Sample], str], ...] = (
    cut_where_annexes_agree,
    titled_again,
    titled_inside_again,
    table_for_each_row,
    few_rows_before,
    parts_with_heads,
    story_cut_without_label,
    story_cut_labelled_again,
    story_behind,
    story_goes_on_behind,
    spaced_labels,
    group_in_each_label,
    regions_under_heads,
    date_has_its_label,
    date_in_a_table,
    date_in_two_lines,
    notes_below,
    notes_behind,
    title_in_two_lines,
    behind_a_letter,
    numbered_in_front,
    headed_sections,
    ends_deleted,
    lines_under_a_form,
    labels_typed_again,
    photo_with_its_hint,
)
