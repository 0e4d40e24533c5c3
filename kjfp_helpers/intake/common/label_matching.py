"""Match typed labels to form fields, and find labels inside running text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from kjfp_helpers.core.form_schema import FORMS, INDICATORS, Form, FormField
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.text_cleanup import (
    TRADITIONAL_SIGNS,
    normalize_label,
    strip_whitespace,
)

_ALIASES: Mapping[str, str] = {
    "team_name": "团队全称 先进团队名称",
    "research_field": "研究方向/专业 研究方向 团队研究方向 研究方向及专业",
    "email": "e-mail mail 电子邮箱 电子邮件 邮箱 电子信箱 邮箱地址 电子邮箱地址 电子邮件地址",
    "postcode": "邮编",
    "id_number": "身份证号 身份证 公民身份号码 居民身份证号码",
    "phone": "联系电话 手机 手机号码 手机号 移动电话 电话",
    "leader_phone": (
        "联系电话 手机 手机号码 手机号 移动电话 电话 负责人电话 负责人联系电话 负责人联系方式 "
        "负责人手机"
    ),
    "leader_name": "负责人 团队负责人 团队负责人姓名",
    "title": "职务 职称 职务职称 职称/职务 职称职务 职务及职称 职务或职称 职称或职务",
    "leader_title": (
        "职务 职称 职务职称 职称/职务 职称职务 职务及职称 负责人职务 负责人职称 负责人职务/职称 "
        "职务或职称"
    ),
    "address": "通信地址 地址 联系地址",
    "fax": (
        "传真 传真电话 单位传真 传真号 传真机 传真机号 传真机号码 办公传真 单位传真号 单位传真号码 "
        "办公室传真 fax"
    ),
    "office_phone": "办公室电话 固定电话 单位电话 单位办公电话 工作单位电话 单位联系电话",
    "employer": "单位 工作单位名称 单位名称",
    "employer_contact": "单位联系人 工作单位联系人 联系人姓名 单位联系人姓名",
    "employer_contact_title": "联系人职务 单位联系人职务 联系人职务/职称",
    "regions": "服务的贫困地区 所服务贫困地区 服务地区 服务贫困地区",
    "service_types": "服务类型",
    "people_lifted": "带动脱贫人口数 带动贫困人口脱贫数 带动脱贫人数 带动脱贫贫困人口",
    "service_days": (
        "深入贫困地区服务累计天数 累计服务天数 服务天数 累计天数 服务总天数 累计服务贫困地区天数"
    ),
    "expert_count": "专家总人数 团队专家人数 团队总人数",
    "expert_names": "服务专家姓名 专家姓名 服务专家名单",
    "story": "事迹 主要事迹材料 先进事迹 事迹材料",
    "honors": "获得表扬或荣誉情况 表扬或荣誉 获得荣誉 荣誉情况 获得表彰或荣誉",
    "recommendation": "推荐意见 推荐单位意见 领导小组办公室推荐意见",
}
"""Other spellings of the printed labels by field."""
_RENAMED: Mapping[str, str] = {
    "name": "被推荐人 被推荐人姓名 推荐对象 推荐对象姓名 人选姓名 个人姓名 本人姓名 推荐人选",
    "team_name": "团队名 服务团名称 服务队名称 推荐团队 专家团队名称 服务团队名称",
    "research_field": "专业方向 研究领域 专业领域 主攻方向 专业特长 团队专业 研究专业",
    "expert_count": (
        "团队人数 专家人数 成员人数 团队成员数 专家数 专家总数 团队专家数 专家团队人数 团队专家总数"
    ),
    "expert_names": (
        "团队成员 成员名单 团队成员姓名 专家名单 团队成员名单 团队专家姓名 参与专家 专家成员 "
        "服务专家 团队专家名单 参与专家姓名"
    ),
    "leader_name": "带头人 团队带头人 牵头人 首席专家 领队",
    "employer": "所在单位 所在工作单位 供职单位 任职单位 现工作单位 单位全称 所属单位 所在部门",
    "story": (
        "事迹简介 先进事迹简介 主要先进事迹 主要事迹简介 事迹介绍 事迹概述 个人事迹 团队事迹 "
        "主要业绩 工作业绩 主要成绩 突出事迹 主要事迹及成效 主要事迹及贡献 主要贡献 工作事迹 "
        "扶贫事迹 服务事迹 典型事迹 事迹说明"
    ),
    "honors": (
        "所获荣誉 获奖情况 所获奖励 荣誉奖励 获奖及荣誉 曾获荣誉 荣誉称号 所获表彰 奖励情况 "
        "受表彰情况 获得奖励情况 曾获表彰 表彰奖励情况 荣誉 表彰情况 表彰奖励 "
        "所获荣誉称号 获得荣誉称号 获得奖项 曾获奖励 荣誉及奖励 获奖荣誉"
    ),
    "regions": (
        "帮扶地区 服务区域 服务地点 帮扶地点 帮扶区域 对口帮扶地区 服务贫困县 帮扶贫困地区 "
        "服务所在地 服务范围"
    ),
    "people_lifted": (
        "带贫人数 脱贫人数 带动脱贫人口 带动人数 带动贫困人口 脱贫人口数 帮扶脱贫人数 "
        "帮扶脱贫人口数 带动脱贫数 带动贫困人口数 带动贫困户脱贫人数"
    ),
    "service_days": (
        "下乡天数 驻村天数 帮扶天数 服务累计天数 实地服务天数 实际服务天数 现场服务天数 "
        "服务时长 深入基层天数 累计服务时间 实地服务累计天数"
    ),
    "service_types": "服务领域 服务内容 服务类 服务产业",
    "service_modes": "帮扶方式 服务形式 服务途径 服务手段",
    "political_status": "政治面目 党派 政治身份",
    "title": "现任职务 技术职称 专业技术职务 职称及职务 现任职务及职称 职务职级",
    "leader_title": "现任职务 技术职称 专业技术职务 职称及职务 现任职务及职称 职务职级",
    "id_number": "证件号码 证件号 身份号码",
    "address": "邮寄地址 联系住址",
    "recommendation": "审核推荐意见 单位推荐意见",
    "phone": "本人电话 个人电话 联系号码 联系手机 本人手机",
    "email": "电邮 邮件地址",
    "postcode": "邮政编号 邮编号码",
    "employer_contact": "单位联络人 联络人",
    "office_phone": "办公电话/传真 电话/传真 办公电话及传真 电话及传真 办公电话传真 电话传真",
}
"""Labels that units invent; their value is read, and the unit is asked."""
LONG_FIELDS = ("story", "honors", "recommendation")
"""Fields whose value can span several rows or lines, in form order."""
EXTRA_LABELS = frozenset(
    (
        "民族 籍贯 出生年月 出生日期 出生年月日 学历 学位 学历学位 参加工作时间 "
        "入党时间 毕业院校 qq 微信 微信号 备注 序号 编号 单位性质 "
        "年龄 填表人 填表日期 填表时间 所学专业 文化程度 健康状况 国籍 出生地 "
        "户籍 单位地址 填报单位 推荐单位 所在单位意见 单位意见 公示情况 审核意见 "
    ).split()
)
"""Labels that units add to the forms and that no form field corresponds to."""
BIRTH_LABELS = ("出生年月", "出生日期", "出生年月日")

_NUMBERING = lazy_pattern(
    r"^[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、．:]\s*|^[*★※●◆]+"
    r"|^\d{1,2}(?=[\u4e00-\u9fff])"
)
_LABEL_SUFFIX = lazy_pattern(
    r"[_＿]+$|(?:限|不超过|控制在)?\d+字(?:以内|之内|内)?$|续$"
    r"|(?<=[\u4e00-\u9fff])[a-z][a-z.&'-]*$"
)
"""What may follow a label: underscores, a limit, 续, its translation."""
_STOCKTAKE_LABELS = frozenset(normalize_label(one.label) for one in INDICATORS)
_OPINION = lazy_pattern(r".{0,30}(?:推荐|推荐单位|办公室)(?:意见|审核意见)")
_MAX_LABEL_CHARS = 60
_MAX_SPACED_LABEL_CHARS = 4 * _MAX_LABEL_CHARS
"""Length of a label whose characters are spaced out."""
_MIN_MISSPELLED_CHARS, _MIN_SIMILARITY = 6, 0.85
"""From how many characters a misspelled label is known, and how like the printed one it must be."""
_FORM_BY_KIND: Mapping[str, Form] = {form.kind: form for form in FORMS}


@lru_cache(maxsize=4096)
def normalize_form_label(text: str) -> str:
    """Normalize a form label for comparison, without numbering, hints and underscores.

    Examples
    --------
    >>> normalize_form_label("（3）联 系 电 话：")
    '联系电话'
    """
    return _LABEL_SUFFIX.sub(
        "", normalize_label(_NUMBERING.sub("", normalize_label(text).strip("【】[]〔〕/")))
    )


@cache
def fields_by_label(form: Form) -> dict[str, tuple[FormField, ...]]:
    """Map each normalized label and its known variants to the fields that it may denote."""
    fields: dict[str, tuple[FormField, ...]] = {}
    for field in form.fields:
        for label in (normalize_label(field.label), *_ALIASES.get(field.name, "").split()):
            fields[label] = (*fields.get(label, ()), field)
    return fields


@cache
def printed_labels() -> frozenset[str]:
    """Return the normalized labels as printed on the forms, without variants."""
    return frozenset(normalize_label(field.label) for form in FORMS for field in form.fields)


@cache
def group_labels(form: Form) -> frozenset[str]:
    """Return the normalized labels of field groups."""
    return frozenset(normalize_label(field.group) for field in form.fields if field.group)


@cache
def shared_labels() -> frozenset[str]:
    """Return the labels that occur on both forms."""
    first, second = (fields_by_label(form).keys() for form in FORMS)
    return frozenset(first & second)


@cache
def confirmed_labels() -> frozenset[str]:
    """Return the normalized labels of both forms in the spellings that need no question."""
    return frozenset(label for form in FORMS for label in fields_by_label(form))


@cache
def known_labels() -> frozenset[str]:
    """Return the normalized labels of both forms, with all variants, and of the stock-take."""
    renamed = {label for form in FORMS for label in _fields_by_renamed_label(form)}
    return _STOCKTAKE_LABELS | confirmed_labels() | renamed


def is_known_label(text: str) -> bool:
    """Whether a text is a label of either form or of the stock-take table."""
    return (_may_be_label(text) and _is_form_label(text)) or normalize_form_label(
        text
    ) in _STOCKTAKE_LABELS


def fields_for_label(form: Form, text: str) -> tuple[FormField, ...]:
    """Return the fields whose label a text may be; small typing errors are tolerated."""
    return _cached_fields_for_label(form.kind, text) if _may_be_label(text) else ()


def _may_be_label(text: str) -> bool:
    return 0 < len(strip_whitespace(text[:_MAX_SPACED_LABEL_CHARS])) <= _MAX_LABEL_CHARS


@lru_cache(maxsize=4096)
def _is_form_label(text: str) -> bool:
    return any(_cached_fields_for_label(form.kind, text) for form in FORMS)


@lru_cache(maxsize=4096)
def _cached_fields_for_label(kind: str, text: str) -> tuple[FormField, ...]:
    form = _FORM_BY_KIND[kind]
    label = normalize_form_label(text)
    known_labels = fields_by_label(form)
    if label in known_labels:
        return known_labels[label]
    if _OPINION.fullmatch(label):
        return tuple(field for field in form.fields if field.kind == "opinion")
    if len(label) >= _MIN_MISSPELLED_CHARS and not re.search(r"\d", label):
        similar = _labels_sharing_chars(form, label)
        if similar and (close_matches := get_close_matches(label, similar, 1, _MIN_SIMILARITY)):
            return known_labels[close_matches[0]]
    return _fields_by_renamed_label(form).get(label, ())


def _labels_sharing_chars(form: Form, label: str) -> list[str]:
    """Return the longer labels that share enough characters with a text to be like it.

    The similarity of two texts is twice their common characters by the sum of their lengths, so no
    other label can reach ``_MIN_SIMILARITY``.
    """
    chars, size = frozenset(label), len(label)
    return [
        known
        for length, labels in _long_labels(form).items()
        if min(size, length) >= (least := _MIN_SIMILARITY * (size + length) / 2)
        for known, known_chars in labels
        if length - len(known_chars - chars) >= least
    ]


@cache
def _long_labels(form: Form) -> dict[int, list[tuple[str, frozenset[str]]]]:
    """Return by length the labels long enough to be known when misspelled, and their signs."""
    labels: dict[int, list[tuple[str, frozenset[str]]]] = {}
    for label in fields_by_label(form):
        if len(label) >= _MIN_MISSPELLED_CHARS:
            labels.setdefault(len(label), []).append((label, frozenset(label)))
    return labels


@cache
def _fields_by_renamed_label(form: Form) -> dict[str, tuple[FormField, ...]]:
    """Map the labels that units put in the place of printed ones to the fields they denote."""
    fields: dict[str, tuple[FormField, ...]] = {}
    for field in form.fields:
        for label in _RENAMED.get(field.name, "").split():
            fields[label] = (*fields.get(label, ()), field)
    return fields


def is_renamed_label(form: Form, text: str) -> bool:
    """Whether a label is not the printed one, and only resembles it in meaning.

    Examples
    --------
    >>> is_renamed_label(FORMS[1], "所在单位"), is_renamed_label(FORMS[1], "单位")
    (True, False)
    """
    return normalize_form_label(text) in _fields_by_renamed_label(form)


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A label inside a line and the text after it; both may contain inline markers."""

    label: str
    value: str


_MARKER_GAP = "[\\s\ufdd0-\ufdef]*"


def _char_pattern(char: str) -> str:
    """Return the pattern of a sign of a label, which may be typed in traditional form."""
    other = TRADITIONAL_SIGNS.get(char)
    return f"[{char}{other}]" if other else re.escape(char)


@cache
def _label_pattern(form: Form) -> re.Pattern[str]:
    """Compile the pattern of a label of a form inside running text, with its delimiter."""
    known_labels = (
        {normalize_label(field.label) for field in form.fields}
        | set(fields_by_label(form))
        | EXTRA_LABELS
        | group_labels(form)
    )
    alternatives = "|".join(
        _MARKER_GAP.join(_char_pattern(char) for char in label)
        for label in sorted(known_labels, key=len, reverse=True)
    )
    number = r"(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）.、．]\s*)?"
    hint = rf"(?:{_MARKER_GAP}[(（][^()（）\n]{{0,30}}[)）])?"
    return re.compile(
        rf"(?:^|(?<=[\s,，;；|｜、。\ufdd0-\ufdef]))[【\[]?{number}(?P<label>(?:{alternatives}){hint})[】\]]?"
        rf"{_MARKER_GAP}(?P<end>[:：]|(?<=[】\]])|(?=[\n\t])|(?=[ 　]{{2,}})|(?=[_＿]{{2}})|$)",
        re.MULTILINE | re.IGNORECASE,
    )


@cache
def _loose_label_pattern(form: Form) -> re.Pattern[str]:
    """Compile the label pattern that also accepts a single space as delimiter."""
    return re.compile(
        _label_pattern(form).pattern.replace("(?=[ 　]{2,})", "(?=[ 　])"),
        re.MULTILINE | re.IGNORECASE,
    )


def split_at_labels(form: Form, marked_text: str) -> tuple[str, tuple[LabelledText, ...]]:
    """Split a text at the labels in it.

    Inside a long field (story, honors, recommendation) only the label of a later long field at the
    beginning of a line ends the value.

    Returns
    -------
    tuple
        The text before the first label, and the labels with their values.
    """
    matches = list(_iter_label_matches(form, marked_text))
    if not matches:
        return marked_text, ()
    ends = [match.start() for match in matches[1:]] + [len(marked_text)]
    pairs = tuple(
        LabelledText(match["label"], marked_text[match.end() : end].strip(" \t　|｜,，;；、\n"))
        for match, end in zip(matches, ends, strict=True)
    )
    return marked_text[: matches[0].start()], pairs


def _iter_label_matches(form: Form, marked_text: str) -> Iterator[re.Match[str]]:
    """Yield the labels that begin a value, not those inside the text of a long field."""
    current_position = -1
    for match in _loose_label_pattern(form).finditer(marked_text):
        starts_line = not marked_text[: match.start()].rpartition("\n")[2].strip()
        has_no_delimiter = match["end"] == "" and not starts_line
        if has_no_delimiter and not re.match(r"\s{2,}|\t|_|$", marked_text[match.end() :]):
            continue
        names = [
            field.name
            for field in fields_by_label(form).get(normalize_form_label(match["label"]), ())
        ]
        position = next((LONG_FIELDS.index(name) for name in names if name in LONG_FIELDS), -1)
        if current_position >= 0 and (position <= current_position or not starts_line):
            continue
        current_position = max(current_position, position)
        yield match
