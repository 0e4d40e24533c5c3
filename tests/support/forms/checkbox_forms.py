"""Boxes of every make, and values as people type them."""

import random
from collections.abc import Callable
from typing import Any

from kjfp_helpers.core.form_schema import FormField
from support.forms.form_samples import Sample
from support.forms.word_files import PICTURE, run, sdt, sym
from support.forms.word_files import field as word_field

Trick = Callable[[Sample, random.Random], None]


def typed(name: str, text: str, value: Any, *codes: str) -> Trick:
    def change(one: Sample, rng: random.Random) -> None:
        one.cells[name] = text
        one.expect(name, value, *codes)

    change.__name__ = f"{name}={text[:12]}"
    return change


def tick_trick(
    title: str, make: Callable[[FormField, set[str]], str], *codes: str, other: bool = False
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
) -> Callable[[FormField, set[str]], str]:
    def make(item: FormField, chosen: set[str]) -> str:
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


def _left(item: FormField, chosen: set[str]) -> str:
    return "、".join(option for option in item.options if option in chosen)


def _looks(on: str, off: str = "", box_sign: str = "□") -> Callable[[FormField, set[str]], str]:
    def make(item: FormField, chosen: set[str]) -> str:
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
    tick_trick(
        "√ behind, boxes before",
        lambda item, chosen: "".join(
            run(f"□{option}{'√' if option in chosen else ''}　") for option in item.options
        ),
    ),
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
    typed(
        "service_modes",
        "☑培训　☑电商　□技术推广　□就业指导　□其他",
        ["培训", "电商"],
        "unknown_option",
    ),
)


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
    all_ticked,
    other_unticked,
    typed(P, "1.2万", 12000),
    typed(P, "约300户1200人", 1200),
    typed(P, "１２００", 1200),
    typed(P, "一千二百人", 1200),
    typed(P, "壹仟贰佰叁拾肆人", 1234),
    typed(P, "300户", None, "unit_mismatch"),
    typed(P, "1200人次", 1200, "unit_mismatch"),
    typed(P, "1200-1500人", None, "ambiguous"),
    typed(P, "12+16", None, "ambiguous"),
    typed(P, "共28人（男12人，女16人）", 28),
    typed(P, "2016-2020年共带动1200人", 1200),
    typed(P, "一万二千余人", 12000),
    typed(P, "1,280", 1280),
    typed(P, "300人、500人", 300, "ambiguous"),
    typed(P, "____", None, "missing"),
    typed(P, "　　人", None, "missing"),
    typed(P, "待补", None, "missing"),
    typed(P, "数百人", None, "ambiguous"),
    typed(P, "1200人，其中2019年300人", 1200),
    typed(P, "0", 0),
    typed(P, "年均300人", None, "unit_mismatch"),
    typed(D, "三百余天", 300),
    typed(D, "半年", None, "unit_mismatch"),
    typed(D, "3年", None, "unit_mismatch"),
    typed(D, "18个月", None, "unit_mismatch"),
    typed(D, "365天", 365),
    typed(D, "2016-2020年", None, "ambiguous"),
    typed(D, "每年60天", None, "unit_mismatch"),
    typed(D, "近300天", 300),
    typed(D, "9999", 9999, "implausible"),
    typed(D, "三百六十五天", 365),
    typed(D, "/", None, "missing"),
    typed("recommend_date", "", None),
    typed("email", "abc.example.com", "abc.example.com", "email_invalid"),
    typed("postcode", "５５０００１", "550001"),
    typed("postcode", "55001", "55001", "postcode_invalid"),
    typed("email", "u1＠example．com", "u1@example.com"),
    typed("address", "暂无", None, "missing"),
    typed("address", "____贵州省贵阳市一路1号____", "贵州省贵阳市一路1号"),
    typed("honors", "无", None, "missing"),
    typed("story", "（2000字内，可另附页）", None, "missing"),
    typed("story", "详见附件", "详见附件", "story_in_attachment"),
    typed(
        "regions",
        "贵州省毕节市威宁县、赫章县、纳雍县",
        [["贵州省", "毕节市", one, None, None] for one in ("威宁县", "赫章县", "纳雍县")],
    ),
    typed(
        "regions",
        "贵州 省 毕节 市 威宁 县 草海 乡 民族 村",
        [["贵州省", "毕节市", "威宁县", "草海乡", "民族村"]],
    ),
    typed("regions", "省　市　县　乡　村", [], "missing"),
    typed("regions", "毕节市威宁县", [[None, "毕节市", "威宁县", None, None]], "region_incomplete"),
    typed(
        "regions",
        "贵州省毕节市（威宁县、赫章县）",
        [["贵州省", "毕节市", one, None, None] for one in ("威宁县", "赫章县")],
    ),
    typed(
        "regions",
        "贵州省：威宁县、赫章县；云南省：镇雄县",
        [
            ["贵州省", None, "威宁县", None, None],
            ["贵州省", None, "赫章县", None, None],
            ["云南省", None, "镇雄县", None, None],
        ],
    ),
    typed(
        "regions",
        "贵州__省__毕节__市__威宁__县____乡____村",
        [["贵州省", "毕节市", "威宁县", None, None]],
    ),
)
