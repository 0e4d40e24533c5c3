"""Format values in Chinese for readers; a missing value is a dash and never a zero."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kjfp_helpers.core import form_schema
from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import FILE_TITLES
from kjfp_helpers.core.records import format_receipt_number as format_receipt_number
from kjfp_helpers.infra.exact_decimals import round_half_up
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.selection.ranking.probability_labels import probability_text

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.rules import Round, Unit
    from kjfp_helpers.state import RoundState

MISSING = "—"
BLANK_DAY = "　　　　年　　月　　日"
"""A day that a member writes by hand below a signature."""
REHEARSAL, DRAFT = "演练", "草案"

INDICATORS: Mapping[str, tuple[str, str]] = {
    one.name: (one.title, one.measure) for one in form_schema.INDICATORS if not one.optional
}
"""Each indicator of the two numbers to its short Chinese name and unit of measure."""
UNIT_GROUPS: Mapping[str, str] = {
    "priority": "扶贫重点省份",
    "other": "其他省份",
    "society": "全国学会",
}
MATERIAL_TITLES: Mapping[str, str] = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "team": "先进团队推荐表",
    "individual": "先进个人推荐表",
    "exhibit": "展览素材",
}
_RULING_LABELS: Mapping[str, Mapping[Any, str]] = {
    "priority_provinces": {"units_column": "以单位表“重点”一列为准"},
    "minimum": {"advice": "只作提示", "binding": "必须达到"},
    "deadline": {"inclusive": "含当日", "exclusive": "不含当日"},
    "clock": {"received": "以收件服务器时间为准，缺时用发件时间", "sent": "以发件时间为准"},
    "megabyte": {2000000: "2,000,000 字节", 2097152: "2,097,152 字节"},
    "characters": {
        "word": "同文字处理软件“字数”",
        "no_space": "不计空白的字符数",
        "han": "只计汉字",
    },
    "earlier_lists": {"all": "名册所列各级均认", "national": "只认全国级"},
    "society_seal": {"society": "由学会盖章", "office": "由省级办公室盖章"},
    "leader": {"allow": "可以", "question": "可以，但须核实", "forbid": "不可以"},
    "over_quota": {"hold": "全部暂缓，待单位选定", "keep_order": "按单位排序取前"},
    "blind": {
        "until_reveal": "秘书揭示身份以后",
        "until_seal": "评委封存本卷以后",
        "open": "一直可见",
    },
    "two_numbers": {"all": "三项都完成才算完成", "mean": "以平均完成率计"},
    "exceed": {"resolution": "经会议决议并记录文号可以增列", "never": "不得超出"},
    "vacancy": {"fill": "按名次依次递补", "lapse": "名额作废，不再递补"},
    "meeting_comments": {"shown": "显示", "hidden": "不显示"},
    "assessment_bar": {"none": "不影响", "note": "注明", "veto": "否决"},
    "papers": {"equal": "必须相等", "not_more": "收回不多于发出即有效"},
    "publication_notes": {"all": "都写明", "amendments": "只写规则修订", "none": "都不写"},
}
"""Ruling to the Chinese words of its values, where ``rules`` has none of its own.

Numbers and dates speak for themselves.
"""

_CLAUSE_HEAD = re.compile(r"^([一二三四五六七八九十]+)(（|$)")
"""A part of the notice, alone or with a sub-clause behind it."""
_ILLEGAL = re.compile(
    r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)


def json_value(value: Any) -> Any:
    """Return a frame's cell as a JSON value; missing is ``None``."""
    if is_missing(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def frame_rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows by column name, as ``to_dict("records")`` does.

    pandas goes through a column of text value by value; here it is taken as a whole.
    """
    columns = frame_columns(frame)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def frame_columns(frame: "pd.DataFrame") -> dict[str, list[Any]]:
    """Return a frame's columns by name, with the values that :func:`frame_rows` gives."""
    return {
        str(name): _plain_values(frame.iloc[:, place]) for place, name in enumerate(frame.columns)
    }


def _plain_values(column: "pd.Series[Any]") -> list[Any]:
    if column.dtype == "str":
        return list(column.to_numpy(dtype=object).tolist())
    (values,) = column.to_frame().to_dict("list").values()
    return list(values)


def remove_control_chars(text: Any) -> str:
    """Return text without what office files cannot hold and what turns the text around."""
    return _ILLEGAL.sub("", str(text))


def to_single_line(text: Any, max_chars: int) -> str:
    """Return text from outside on one line, cut: nothing in it moves or turns a console."""
    shown = str(text)[: max_chars + 1]
    line = "".join(char if char.isprintable() else " " for char in shown)
    return line if len(line) <= max_chars else f"{line[: max_chars - 1]}…"


def format_number(value: Any, digits: int = 0) -> str:
    """Return a number with thousands set apart, a half rounded up; a dash where there is none."""
    return MISSING if is_missing(value) else f"{round_half_up(value, digits):,f}"


def format_percent(value: Any, digits: int = 0) -> str:
    """Return a share (1.0 is the whole) in percent; a dash where there is none.

    Never rounded up to a full 100%, which would claim a target that was missed.
    """
    if is_missing(value):
        return MISSING
    shown = round_half_up(float(value), digits + 2).scaleb(2)
    return "不足100%" if float(value) < 1 and shown >= 100 else f"{shown:,f}%"


def format_probability(value: Any) -> str:
    """Return a chance (0-1) as every list shows it; a dash where there is none."""
    return MISSING if is_missing(value) else probability_text(value)


def format_presence(value: Any) -> str:
    """Return whether a part is there: 有, 缺, or a dash when nothing was sent."""
    return MISSING if is_missing(value) else ("有" if value else "缺")


def format_completeness(state: str, faults: str) -> str:
    """Return whether a document is in order, and what is to correct; a dash where nothing came."""
    return f"{state}：{faults}" if faults else state or MISSING


def format_minute(value: Any, timezone: str) -> str:
    """Return a time on the round's clock, to the minute."""
    if is_missing(value):
        return MISSING
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(timezone)) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M")
    return str(value)


def local_minute(value: Any, timezone: str) -> datetime | None:
    """Return a time on the round's clock to the minute, as a workbook holds it."""
    if is_missing(value):
        return None
    local = value.astimezone(ZoneInfo(timezone)) if value.tzinfo else value
    return datetime(local.year, local.month, local.day, local.hour, local.minute)


def format_date(value: date) -> str:
    """Return a date as official documents write it."""
    return f"{value.year}年{value.month}月{value.day}日"


def format_time(value: datetime | None, timezone: str) -> str:
    """Return a time to the minute as official documents write it."""
    if value is None:
        return "时间不明"
    local = value.astimezone(ZoneInfo(timezone))
    return f"{format_date(local)}{local.hour}时{local.minute:02d}分"


def describe_nominee_state(nominee: Mapping[str, Any]) -> str:
    """Return the ``state`` of a nominee, with its ``reasons`` where it is not ``eligible``.

    Examples
    --------
    >>> describe_nominee_state({"state": "暂缓", "eligible": False, "reasons": "缺少照片"})
    '暂缓（缺少照片）'
    """
    reasons = "" if nominee["eligible"] else f"（{nominee['reasons']}）"
    return f"{nominee['state']}{reasons}"


def format_letter_number(number: int) -> str:
    """Return the number of a letter as later letters cite it."""
    return f"第{number}号函"


def record_title(kind: str, name: str = "") -> str:
    """Return what a kind of record is called in letters, with the nominee's name."""
    title = MATERIAL_TITLES.get(kind) or FILE_TITLES.get(kind, FILE_TITLES["unknown"])
    return f"{title}（{name}）" if name else title


def format_kinds(value: Any) -> str:
    """Return the kinds of material in a mail or file, in Chinese."""
    if is_missing(value):
        return FILE_TITLES["unknown"]
    parts = re.split(r"[、,;\s]+", value) if isinstance(value, str) else list(value)
    return "、".join(dict.fromkeys(FILE_TITLES.get(part, part) for part in parts))


_OTHERS_AGAIN = re.compile(r"(?<=、)(与?)其他单位推荐的(团队|个人)")
"""A second nominee of other units in one text, whose name is hidden as that of the first."""
ANOTHER_UNIT = "其他单位"
"""What stands for the name of another unit."""
_LIKE_ANOTHER = re.compile(r"与([^、，；（）“”]+?)(?=雷同|先报送的)")
"""A unit whose summary or picture is like that of another, as a finding names the other."""


def redact_for_unit(text: str, state: "RoundState", unit: str) -> str:
    """Return a finding's text fit for a unit: masked, and no other unit or its nominee named."""
    text = mask_personal_numbers(text)
    for other in state.screening.cases if "推荐的" in text else ():
        whose = f"{state.round.unit_by_code[other.unit].short_name}推荐的"
        kind = "团队" if other.kind == "team" else ""
        if other.unit != unit and whose in text:
            named = f"{whose}{kind}“{mask_personal_numbers(other.name)}”"
            text = text.replace(named, f"{ANOTHER_UNIT}推荐的{kind or '个人'}")
    if _LIKE_ANOTHER.search(text):
        units = [other for code, other in state.round.unit_by_code.items() if code != unit]
        others = {name for other in units for name in (other.name, other.short_name)}
        text = _LIKE_ANOTHER.sub(
            lambda match: f"与{ANOTHER_UNIT}" if match[1] in others else match[0], text
        )
    return remove_control_chars(_OTHERS_AGAIN.sub(r"\1另一\2", text))


def format_reasons(value: Any) -> str:
    """Return finding codes, or free text, as titles."""
    if is_missing(value):
        return ""
    parts: Iterable[str] = [value] if isinstance(value, str) else value
    return "；".join(
        FINDING_TYPES[part].title if part in FINDING_TYPES else str(part) for part in parts
    )


def format_clause(text: str) -> str:
    """Return a clause as running text cites it; what is no clause of the notice stays.

    Examples
    --------
    >>> format_clause("三(三)"), format_clause("附件1、附件2"), format_clause("评审回避")
    ('《通知》第三部分（三）', '《通知》附件1、附件2', '评审回避')
    """
    part = format_clause_part(text)
    return f"《通知》{part}" if part.startswith(("第", "附件")) else part


def format_clause_part(text: str) -> str:
    """Return a clause as a table gives it under a heading that names the notice.

    Examples
    --------
    >>> format_clause_part("二"), format_clause_part("三(三)"), format_clause_part("附件2")
    ('第二部分', '第三部分（三）', '附件2')
    """
    wide = text.replace("(", "（").replace(")", "）")
    return _CLAUSE_HEAD.sub(r"第\1部分\2", wide)


def format_source(source: str) -> str:
    """Return where a finding was seen; a figure of the spot check by what it counts.

    Examples
    --------
    >>> format_source("抽查 people"), format_source("inbox/41-1.eml")
    ('抽查 带动脱贫', 'inbox/41-1.eml')
    """
    place, _, name = source.partition(" ")
    return f"{place} {INDICATORS[name][0]}" if name in INDICATORS else source


def format_limit(title: str) -> str:
    """Return the title of a limit with its clause as running text cites it.

    Examples
    --------
    >>> format_limit("各单位推荐名额（通知二）"), format_limit("女性不少于3名（办公室）")
    ('各单位推荐名额（《通知》第二部分）', '女性不少于3名（办公室）')
    """
    name, mark, clause = title.rpartition("（通知")
    return f"{name}（{format_clause(clause[:-1])}）" if mark else title


def format_ruling(name: str, value: Any) -> str:
    """Return the words for a ruling's value."""
    if isinstance(value, date):
        return format_date(value)
    options = _ruling_options(name)
    if isinstance(value, tuple | list):
        return "、".join(options.get(item) or format_reasons(item) for item in value)
    return options.get(value, str(value))


def _ruling_options(name: str) -> Mapping[Any, str]:
    """Return the words of a ruling's values.

    The rules are loaded here: a report is written without them, in a process that stays small.
    """
    from kjfp_helpers import rules

    own: Mapping[str, Mapping[Any, str]] = {
        "plan": rules.PLAN_TITLES,
        "method": rules.METHOD_TITLES,
        "ties": rules.TIE_BREAK_TITLES,
        "majority_of": rules.MAJORITY_TITLES,
        "tie_vote": rules.VOTING_TITLES,
    }
    return own.get(name) or _RULING_LABELS.get(name, {})


def unit_group(unit: "Unit") -> str:
    """Return the group a unit is compared within: its quota's."""
    return UNIT_GROUPS[unit.quota]


def format_peers(count: str, group: str) -> str:
    """Return how many units of a group are compared, the unit itself among them.

    Examples
    --------
    >>> format_peers("22", "扶贫重点省份"), format_peers("9", "其他省份")
    ('22个扶贫重点省份', '9个非重点省份')
    """
    return f"{count}个{'非重点省份' if group == UNIT_GROUPS['other'] else group}"


def member_labels(round: "Round") -> dict[str, str]:
    """Return panel members under neutral numbers, in the order of the panel's table."""
    width = max(2, len(str(len(round.panel))))
    return {row.member: f"M{index:0{width}d}" for index, row in enumerate(round.panel, start=1)}
