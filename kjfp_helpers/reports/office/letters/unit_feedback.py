"""The unit's report as an official paper (审核情况反馈单), to be stamped; from its page's data."""

from collections.abc import Mapping, Sequence
from typing import Any

from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

Data = Mapping[str, Any]
_DUTY_COLUMNS = (
    ("序号", 1.5),
    ("事项", 2.7),
    ("涉及", 3.1),
    ("怎样算办妥", 4.0),
    ("期限", 1.7),
    ("不办的后果", 3.0),
)
_SCORE_COLUMNS = (
    ("项目", 4.4),
    ("要求", 2.2),
    ("本单位", 3.0),
    ("同类中位数", 3.8),
    ("情况", 2.6),
)
_NOMINEE_COLUMNS = (
    ("类别", 2.0),
    ("名称或姓名", 4.6),
    ("能否参评", 4.4),
    ("还欠什么", 5.0),
)
_NUMERALS = "一二三四五六"
_TITLE_CHARS = 20
"""Characters of a line of the title."""


def build_feedback(data: Data) -> bytes:
    """Return the paper of one edition as a .docx file.

    Parameters
    ----------
    data : mapping
        Data of the edition for unit or office.
    """
    about, verdict = data["round"], data["verdict"]
    document = OfficialDocument(rehearsal=about["rehearsal"], amendments=about["amendments"])
    document.add_title(_title_lines(data["unit"]["name"]))
    document.add_recipient(data["unit"]["name"])
    came = f"你单位截至{data['as_of']}收到的材料审核情况如下。"
    basis = f"根据{about['citation']}（以下简称《通知》），{came}"
    document.add_paragraph(f"{_number_text(data)}。{basis}{_change_text(data['version'])}")
    turns = iter(_NUMERALS)
    document.add_heading(f"{next(turns)}、结论")
    document.add_paragraph(verdict["sentence"])
    if data["duties"]:
        document.add_heading(f"{next(turns)}、要办的事（{len(data['duties'])}件）")
        document.add_table(_DUTY_COLUMNS, [_duty_row(duty) for duty in data["duties"]])
    message = data["scorecard"]["message"].partition("（")[0]
    document.add_heading(f"{next(turns)}、{message}")
    compared = [row for row in data["scorecard"]["rows"] if row["scale"]]
    if compared:
        document.add_table(_SCORE_COLUMNS, [_score_row(row) for row in compared])
    if data["scorecard"]["blank"]:
        document.add_paragraph(data["scorecard"]["blank"])
    waiting = [row for row in data["nominees"] if row["lacks"] or not row["eligible"]]
    if waiting:
        document.add_heading(f"{next(turns)}、未能参评或还欠材料的推荐对象")
        document.add_table(_NOMINEE_COLUMNS, [_nominee_row(row) for row in waiting])
    ending = "要办的事，办妥后请通过电子邮箱报送，并在邮件主题注明单位名称和“补正”。"
    document.add_paragraph(ending if data["duties"] else "没有需要你单位办理的事项。", keep=True)
    document.add_signature(
        about["office"], data["as_of"], seal=about["seal"], contact=about["contact"]
    )
    return document.to_bytes()


def _title_lines(name: str) -> str:
    """Return the title; the name of an office that is longer than a line breaks between words."""
    head, office, tail = name.partition("领导小组")
    if len(name) <= _TITLE_CHARS or not office:
        return f"{name}\n审核情况反馈单"
    return f"{head}\n{office}{tail}审核情况反馈单"


def _number_text(data: Data) -> str:
    version = data["version"]
    if version is None:
        return "未登记版次"
    number = f"编号{data['unit']['code']}-{version['number']}"
    return f"{number}　第{version['number']}版　台账第{version['seq']}条"


def _change_text(version: Data | None) -> str:
    if version is None or not version["earlier"]:
        return ""
    said = "；".join(version["changes"]) or "内容没有变化"
    return f"与第{version['number'] - 1}版相比：{said}。"


def _duty_row(duty: Data) -> Sequence[str]:
    about = "，".join(filter(None, (duty["about"], duty["where"])))
    title = f"{duty['title']}（{duty['clause']}）"
    return (
        duty["number"],
        title,
        about,
        f"{duty['how']}（要求：{duty['wanted']}）" if duty["wanted"] else duty["how"],
        duty["due_text"],
        duty["consequence"],
    )


def _score_row(row: Data) -> Sequence[str]:
    shown = row["shown"] if row["shown"] != formatting.MISSING else ""
    return (
        row["label"],
        row["target"] or "—",
        " · ".join(filter(None, (row["own"], shown))) or "—",
        _median_text(row),
        row["word"],
    )


def _median_text(row: Data) -> str:
    peers = row["peers"]
    if not peers:
        return "—"
    if not peers["range"]:
        return f"不作比较（{peers['n']}个单位）"
    median = peers["range"]["median"]
    written = (
        formatting.format_percent(median)
        if row["scale"] == "rate"
        else formatting.format_number(median)
    )
    return f"{written}（{peers['n']}个单位）"


def _nominee_row(row: Data) -> Sequence[str]:
    state = row["state"] if row["eligible"] else f"{row['state']}：{row['reasons']}"
    lacks = "、".join(f"{title}（{number}）" for number, title in row["lacks"])
    return row["kind"], row["name"], state, lacks or "无"
