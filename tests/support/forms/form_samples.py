"""Recommendation forms with random right answers, for the family to play its tricks on."""

import random
from dataclasses import dataclass, field
from typing import Any

from kjfp_helpers.core.form_schema import Form, FormField
from kjfp_helpers.intake.common.parsed_value import id_check_digit
from support.forms.word_files import (
    box,
)

LABELS = {"姓名": "姓　名", "性别": "性　别"}
WHOLE = 12
"""Columns of the grid."""
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵周吴", "明华建国秀英志强丽芳伟敏静磊洋勇艳杰娟涛"
PLACES = (
    ("贵州省", "毕节市", "威宁县", "草海镇", "民族村"),
    ("云南省", "昭通市", "镇雄县", "乌峰镇", "营山村"),
    ("甘肃省", "定西市", "渭源县", "田家河乡", "元古堆村"),
    ("四川省", "凉山彝族自治州", "昭觉县", "三岔河乡", "三河村"),
    ("湖南省", "湘西土家族苗族自治州", "花垣县", "双龙镇", "十八洞村"),
)


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

    def content(self, item: FormField) -> str:
        text = self.cells.get(item.name)
        text = plain_text(item, self.truth) if text is None else text
        return box(text, picture=item.kind == "opinion")


def plain_text(item: FormField, truth: dict[str, Any]) -> str:
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
    item: FormField, truth: dict[str, Any], on: str = "☑", off: str = "□", gap: str = "　"
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
        "team_name": "贵州果树科技服务团",
        "research_field": "果树栽培/植保",
        "expert_count": rng.randint(5, 60),
        "leader_name": person(),
        "leader_phone": phone(),
        "leader_title": "研究员",
        "email": f"u{rng.randrange(1000)}@example.com",
        "postcode": f"55{rng.randrange(10**4):04d}",
        "address": f"贵州省贵阳市云岩区中山路{rng.randint(1, 99)}号",
        "regions": [list(rng.choice(PLACES))],
        "service_types": types,
        "service_types_other": "林下养蜂" if "其他" in types else None,
        "service_modes": modes,
        "service_modes_other": None,
        "expert_names": [person() + "" for _ in range(3)],
        "people_lifted": rng.randint(120, 9800),
        "service_days": rng.randint(60, 900),
        "story": "该同志（团队）自2016年以来扎根一线，服务贫困村12个，培训农民300人次。\n探索出“协会＋农户”模式，群众称好。",
        "honors": "2018年获全国先进表扬",
        "recommendation": "经研究，同意推荐。",
        "recommend_date": f"2020-0{rng.randint(6, 8)}-{rng.randint(10, 14)}",
        "name": person(),
        "gender": gender,
        "title": "高级农艺师",
        "political_status": "中共党员",
        "id_number": digits + id_check_digit(digits),
        "phone": phone(),
        "employer": "贵州省农业科学院",
        "employer_contact": person(),
        "employer_contact_title": "科长",
        "office_phone": "0851-8376" + f"{rng.randrange(10**4):04d}",
        "fax": "0851-83761234",
    }
    names = {item.name for item in form.fields} | {
        "service_types_other",
        "service_modes_other",
        "recommend_date",
    }
    return Sample(form, {name: value for name, value in truth.items() if name in names})
