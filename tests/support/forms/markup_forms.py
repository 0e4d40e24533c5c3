"""Tricks of dates, numbers, content controls, tracked changes and tables in cells."""

import random
from collections.abc import Callable

from support.forms.checkbox_forms import P, Trick
from support.forms.form_samples import Sample
from support.forms.word_files import box, cell, para, row, run, sdt, table, text_box


def dated(text: str, value: str | None, *codes: str) -> Trick:
    def change(one: Sample, rng: random.Random) -> None:
        one.cells["recommendation"] = f"同意推荐。\n（单位盖章）\n{text}"
        one.truth["recommendation"] = "同意推荐。"
        one.expect("recommend_date", value, *codes)

    change.__name__ = f"date={text}"
    return change


DATES: tuple[Trick, ...] = (
    dated("二〇二〇年八月十日", "2020-08-10"),
    dated("2020.8.10", "2020-08-10"),
    dated("2020-08-10", "2020-08-10"),
    dated("20200810", "2020-08-10"),
    dated("2020年８月１０日", "2020-08-10"),
    dated("2020年8月", None, "date_incomplete"),
    dated("年　月　日", None, "missing"),
    dated("2020年2月30日", None, "date_invalid"),
    dated("2020年13月1日", None, "date_invalid"),
    dated("二○二○年八月十五日", "2020-08-15"),
    dated("2030年8月10日", "2030-08-10", "date_future"),
    dated("2020 年 8 月 9 日", "2020-08-09"),
)


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
    one.cells["address"] = para(
        run("贵州省贵阳市"),
        "<w:del><w:r><w:delText>一路1号</w:delText></w:r></w:del>",
        f"<w:ins>{run('二路2号')}</w:ins>",
    )
    one.expect("address", "贵州省贵阳市二路2号", "tracked_changes")


def commented(one: Sample, rng: random.Random) -> None:
    one.cells["employer" if "employer" in one.truth else "team_name"] = para(
        run("贵州省农科院服务团"), '<w:r><w:commentReference w:id="1"/></w:r>'
    )
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
    id_number("id15", lambda number: number[:6] + number[8:17], "id15"),
    id_number("id long", lambda number: number + "1", "id_length"),
    id_number(
        "id checksum",
        lambda number: number[:17] + ("1" if number[17] != "1" else "2"),
        "id_checksum",
    ),
    other_gender,
    spaced_name,
    split_name,
    prompt_left,
    boxed_story,
    tracked,
    commented,
    hidden,
    struck_text,
    digit_cells,
    region_table,
    names_in_lines,
)


def in_sentence(one: Sample, rng: random.Random) -> None:
    """The opinion names a meeting's date; the place for the signature's was left open."""
    words = "经2020年7月1日会议研究，同意推荐。"
    one.cells["recommendation"] = f"{words}\n（单位盖章）\n年　月　日"
    one.expect("recommend_date", None, "missing")
    one.expect("recommendation", words)


def sentence_and_date(one: Sample, rng: random.Random) -> None:
    words = "经2020年7月1日会议研究，同意推荐。"
    one.cells["recommendation"] = f"{words}\n（单位盖章）　2020年8月12日"
    one.expect("recommend_date", "2020-08-12")
    one.expect("recommendation", words)


def either_level(one: Sample, rng: random.Random) -> None:
    one.cells["regions"] = "贵州省（区、市）毕节市（州）威宁县（区）草海镇（乡）民族村"
    one.expect("regions", [["贵州省", "毕节市", "威宁县", "草海镇", "民族村"]])


def either_level_blank(one: Sample, rng: random.Random) -> None:
    one.cells["regions"] = "　省（区、市）　市（州）　县（区）　乡（镇）　村"
    one.expect("regions", [], "missing")


def expert_table(one: Sample, rng: random.Random) -> None:
    if "expert_names" in one.truth:
        rows = [row(*(cell(box(word)) for word in ("姓名", "职称", "单位")))]
        rows += [
            row(*(cell(box(word)) for word in (name, "研究员", "省农科院")))
            for name in one.truth["expert_names"]
        ]
        one.cells["expert_names"] = table(*rows)
        one.focus.add("expert_names")


def unseen_signs(one: Sample, rng: random.Random) -> None:
    name = "name" if "name" in one.truth else "leader_name"
    one.cells[name] = "\u200b".join(one.truth[name]) + "\ufeff"
    one.focus.add(name)


def gender_boxes(one: Sample, rng: random.Random) -> None:
    if "gender" in one.truth:
        one.cells["gender"] = "☑男　□女" if one.truth["gender"] == "男" else "男□　女☑"
        one.focus.add("gender")


def gender_bold(one: Sample, rng: random.Random) -> None:
    if "gender" in one.truth:
        on = {True: "<w:b/>", False: ""}
        one.cells["gender"] = para(*(run(sign, on[sign == one.truth["gender"]]) for sign in "男女"))
        one.expect("gender", one.truth["gender"], "ambiguous")


def status_boxes(one: Sample, rng: random.Random) -> None:
    if "political_status" in one.truth:
        one.cells["political_status"] = "☑中共党员　□群众"
        one.expect("political_status", "中共党员", "ambiguous")


def unknown_place(one: Sample, rng: random.Random) -> None:
    one.cells["regions"] = "贵州省毕节市乌有县"
    one.expect("regions", [["贵州省", "毕节市", "乌有县", None, None]], "region_unknown")


def old_place(one: Sample, rng: random.Random) -> None:
    one.cells["regions"] = "贵州省毕节地区大方县"
    one.expect("regions", [["贵州省", "毕节地区", "大方县", None, None]])


EVEN_MORE: tuple[Trick, ...] = (
    in_sentence,
    sentence_and_date,
    either_level,
    either_level_blank,
    expert_table,
    unseen_signs,
    gender_boxes,
    gender_bold,
    status_boxes,
    unknown_place,
    old_place,
)
