"""The labels of the two forms as people retype them, and labels inside a line of words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from kjfp_helpers.core.form_schema import FORMS, STOCKTAKE_ROWS, Field, Form
from kjfp_helpers.intake.common.text_cleanup import normalize_label, strip_whitespace

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "team_name": ("团队全称", "先进团队名称"),
    "research_field": ("研究方向/专业", "研究方向", "团队研究方向", "研究方向及专业"),
    "email": ("e-mail", "mail", "电子邮箱", "电子邮件", "邮箱", "电子信箱", "邮箱地址"),
    "postcode": ("邮编",),
    "id_number": ("身份证号", "身份证", "公民身份号码", "居民身份证号码"),
    "phone": ("联系电话", "手机", "手机号码", "手机号", "移动电话", "电话"),
    "leader_phone": ("联系电话", "手机", "手机号码", "手机号", "移动电话", "电话"),
    "leader_name": ("负责人", "团队负责人", "团队负责人姓名"),
    "title": ("职务", "职称", "职务职称", "职称/职务", "职务及职称"),
    "leader_title": ("职务", "职称", "职务职称", "职称/职务", "职务及职称"),
    "address": ("通信地址", "地址", "联系地址"),
    "fax": ("传真", "传真电话", "单位传真"),
    "office_phone": (
        "办公室电话",
        "固定电话",
        "单位电话",
        "单位办公电话",
        "工作单位电话",
        "单位联系电话",
    ),
    "employer": ("单位", "工作单位名称", "单位名称"),
    "employer_contact": ("单位联系人", "工作单位联系人", "联系人姓名", "单位联系人姓名"),
    "employer_contact_title": ("联系人职务", "单位联系人职务", "联系人职务/职称"),
    "regions": ("服务的贫困地区", "所服务贫困地区", "服务地区", "服务贫困地区"),
    "service_types": ("服务类型",),
    "people_lifted": ("带动脱贫人口数", "带动贫困人口脱贫数", "带动脱贫人数", "带动脱贫贫困人口"),
    "service_days": ("深入贫困地区服务累计天数", "累计服务天数", "服务天数", "累计天数"),
    "expert_count": ("专家总人数", "团队专家人数", "团队总人数"),
    "expert_names": ("服务专家姓名", "专家姓名", "服务专家名单"),
    "story": ("事迹", "主要事迹材料", "先进事迹", "事迹材料"),
    "honors": ("获得表扬或荣誉情况", "表扬或荣誉", "获得荣誉", "荣誉情况", "获得表彰或荣誉"),
    "recommendation": ("推荐意见", "推荐单位意见", "领导小组办公室推荐意见"),
}
LONG_FIELDS = ("story", "honors", "recommendation")
"""Fields that run on over rows and lines, in the order of the form."""
EXTRA_LABELS = frozenset(
    (
        "民族",
        "籍贯",
        "出生年月",
        "出生日期",
        "出生年月日",
        "学历",
        "学位",
        "学历学位",
        "参加工作时间",
        "入党时间",
        "毕业院校",
        "qq",
        "微信",
        "微信号",
        "备注",
        "序号",
        "编号",
        "单位性质",
        "年龄",
        "填表人",
        "填表日期",
        "填表时间",
        "所学专业",
        "文化程度",
        "健康状况",
        "国籍",
        "出生地",
        "户籍",
        "单位地址",
        "填报单位",
        "推荐单位",
        "所在单位意见",
        "单位意见",
        "公示情况",
        "审核意见",
    )
)
"""Labels that units add and no field of ours holds."""
BIRTH_LABELS = ("出生年月", "出生日期", "出生年月日")

_NUMBERING = re.compile(r"^[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、．:]\s*|^[*★※●◆]+")
_TAIL = re.compile(r"[_＿]+$|(?:限|不超过|控制在)?\d+字(?:以内|之内|内)?$|续$")
_STOCKTAKE = frozenset(normalize_label(label) for _, label in STOCKTAKE_ROWS)
_OPINION = re.compile(r".{0,30}(?:推荐|推荐单位|办公室)(?:意见|审核意见)")
_MOST = 60
_WIDEST = 4 * _MOST
"""Signs of a label with a space between any two."""
_BY_KIND: Mapping[str, Form] = {form.kind: form for form in FORMS}


@lru_cache(maxsize=4096)
def normalize_form_label(text: str) -> str:
    """Return a label as it is compared, numbering, hints and rules left out."""
    return _TAIL.sub(
        "", normalize_label(_NUMBERING.sub("", normalize_label(text).strip("【】[]〔〕")))
    )


@cache
def fields_by_label(form: Form) -> dict[str, tuple[Field, ...]]:
    """Map each folded label, and each known variant of it, to the fields it may stand for."""
    found: dict[str, tuple[Field, ...]] = {}
    for item in form.fields:
        for word in (normalize_label(item.label), *_ALIASES.get(item.name, ())):
            found[word] = (*found.get(word, ()), item)
    return found


@cache
def group_labels(form: Form) -> frozenset[str]:
    """Return the folded labels of blocks."""
    return frozenset(normalize_label(item.group) for item in form.fields if item.group)


@cache
def shared_labels() -> frozenset[str]:
    """Return the labels that both forms have."""
    first, second = (fields_by_label(form).keys() for form in FORMS)
    return frozenset(first & second)


def is_known_label(text: str) -> bool:
    """Whether words are a label of either form or of the stock-take."""
    return (
        any(fields_for_label(form, text) for form in FORMS)
        or normalize_form_label(text) in _STOCKTAKE
    )


def fields_for_label(form: Form, text: str) -> tuple[Field, ...]:
    """Return the fields a cell may be the label of; a slip of the pen in it is forgiven."""
    return _fields_of(form.kind, text) if 0 < len(strip_whitespace(text[:_WIDEST])) <= _MOST else ()


@lru_cache(maxsize=4096)
def _fields_of(kind: str, text: str) -> tuple[Field, ...]:
    form, word = _BY_KIND[kind], normalize_form_label(text)
    known = fields_by_label(form)
    if word in known:
        return known[word]
    if _OPINION.fullmatch(word):
        return tuple(item for item in form.fields if item.kind == "opinion")
    if len(word) >= 6 and not re.search(r"\d", word):
        near = get_close_matches(word, [one for one in known if len(one) >= 6], 1, 0.85)
        return known[near[0]] if near else ()
    return ()


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label inside a line and what follows it; both may hold the signs of ``marks``."""

    label: str
    value: str


_GAP = "[\\s\ue000-\ue00f]*"


@cache
def _grammar(form: Form) -> re.Pattern[str]:
    words = (
        {normalize_label(item.label) for item in form.fields}
        | set(fields_by_label(form))
        | EXTRA_LABELS
        | group_labels(form)
    )
    spelt = "|".join(
        _GAP.join(re.escape(sign) for sign in word) for word in sorted(words, key=len, reverse=True)
    )
    number = r"(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）.、．]\s*)?"
    hint = rf"(?:{_GAP}[(（][^()（）\n]{{0,30}}[)）])?"
    return re.compile(
        rf"(?:^|(?<=[\s,，;；|｜、。\ue000-\ue00f]))[【\[]?{number}(?P<label>(?:{spelt}){hint})[】\]]?"
        rf"{_GAP}(?P<end>[:：]|(?<=[】\]])|(?=[\n\t])|(?=[ 　]{{2,}})|(?=[_＿]{{2}})|$)",
        re.MULTILINE | re.IGNORECASE,
    )


@cache
def _loose_grammar(form: Form) -> re.Pattern[str]:
    return re.compile(
        _grammar(form).pattern.replace("(?=[ 　]{2,})", "(?=[ 　])"), re.MULTILINE | re.IGNORECASE
    )


def split_at_labels(form: Form, marked: str) -> tuple[str, tuple[LabelledText, ...]]:
    """Split words at the labels in them; return what stands before the first, and the pairs.

    Inside a long field only the long fields after it end it, at the beginning of a line.
    """
    found = list(_matches(form, marked))
    if not found:
        return marked, ()
    ends = [match.start() for match in found[1:]] + [len(marked)]
    cut = tuple(
        LabelledText(match["label"], marked[match.end() : end].strip(" \t　|｜,，;；、\n"))
        for match, end in zip(found, ends, strict=True)
    )
    return marked[: found[0].start()], cut


def _matches(form: Form, marked: str) -> Iterator[re.Match[str]]:
    inside = -1
    for match in _loose_grammar(form).finditer(marked):
        first = not marked[: match.start()].rpartition("\n")[2].strip()
        loose = match["end"] == "" and not first
        if loose and not re.match(r"\s{2,}|\t|_|$", marked[match.end() :]):
            continue
        names = [
            item.name
            for item in fields_by_label(form).get(normalize_form_label(match["label"]), ())
        ]
        at = next((LONG_FIELDS.index(name) for name in names if name in LONG_FIELDS), -1)
        if inside >= 0 and (at <= inside or not first):
            continue
        inside = max(inside, at)
        yield match
