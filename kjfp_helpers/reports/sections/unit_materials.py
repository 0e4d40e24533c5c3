"""Nominees, summary, exhibition and mails of a unit's review report; used by notebook 07."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.sections.assessment import describe_result
from kjfp_helpers.reports.sections.submission_timeline import draw_timeline
from kjfp_helpers.reports.sections.unit_parts import (
    or_for_panel,
    render_quiet,
    render_section,
    two_lines,
)

DOSSIER_LINK = Markup('<a href="../cases/{}.html">{}</a>')


@or_for_panel("render_nominees")
def render_nominees(unit: ReportData) -> HtmlBlock:
    """Return the nominees with what each still lacks."""
    if not unit["nominees"]:
        return render_quiet("推荐对象：没有推荐先进团队和先进个人。")
    rows = [_nominee_row(unit, row) for row in unit["nominees"]]
    columns = [
        "类别",
        "名称或姓名",
        "能否参评",
        "还欠什么",
        "曾获表扬",
        "带动脱贫（人）",
        "服务（天）",
        "事迹（字）",
    ]
    fit = sum(row["eligible"] for row in unit["nominees"])
    count, most = len(rows), unit["quota"]
    all_of = "均" if count > 1 else ""
    state = f"{all_of}可参评" if fit == count else f"{fit}件可参评" if fit else f"{all_of}未能参评"
    title = f"推荐{count}件，{state}（名额：团队{most['team']}、个人{most['individual']}）"
    note = "百分比为占本单位盘点人数的份额；事迹为所写字数和上限。来源为各件推荐表。"
    if any(row["status"] for row in unit["nominees"]):
        columns.append("结果")
        shared = _shared_note(unit["nominees"])
        results = (_result_cell(one, shared) for one in unit["nominees"])
        rows = [(*row, result) for row, result in zip(rows, results, strict=True)]
        if unit["audience"] == "office":
            note += "结果下为名次和总件数。"
        note += f"各件均注明：{'；'.join(shared)}。" if shared else ""
    table = html_blocks.render_table(
        columns, rows, numeric_columns=columns[5:8], nowrap_columns=("类别", "结果")
    )
    return render_section(title, table, note=note)


def _nominee_row(unit: ReportData, row: Mapping[str, Any]) -> tuple[Any, ...]:
    linked = unit["audience"] == "office" and row["case"]
    name = DOSSIER_LINK.format(row["case"], row["name"]) if linked else row["name"]
    lacks = "、".join(f"{title}（{number}）" for number, title in row["lacks"])
    written, limit = row["story"]
    share = formatting.format_percent(row["share"], 1) if row["share"] is not None else ""
    return (
        row["kind"],
        two_lines(name, f"{row['source']}来件"),
        two_lines(html_blocks.render_chip(row["state"]), "" if row["eligible"] else row["reasons"]),
        lacks or "无",
        row["awards"] or ("—" if not row["case"] else "未查到"),
        two_lines(formatting.format_number(row["people_lifted"]), share),
        formatting.format_number(row["service_days"]),
        f"{written:,}/{limit:,}" if written is not None else formatting.MISSING,
    )


def _shared_note(nominees: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the remarks that stand at each of several nominees with a result."""
    notes = [row["result"]["note"].split("；") for row in nominees if row.get("result")]
    if len(notes) < 2:
        return []
    return [part for part in notes[0] if part and all(part in one for one in notes)]


def _result_cell(row: Mapping[str, Any], shared: Sequence[str]) -> Markup | str:
    result = row.get("result")
    if not result:
        return row["status"] or "未参评"
    place = f"{result['rank']}/{result['of']}" if result["rank"] else ""
    rest = [part for part in result["note"].split("；") if part not in shared]
    state = html_blocks.render_chip(row["status"] or "未参评")
    return two_lines(state, "；".join(filter(None, (place, *rest))))


@or_for_panel("render_nothing")
def render_summary(unit: ReportData) -> HtmlBlock:
    """Return which required parts the summary has, and how much each says beside the peers."""
    part = unit["summary"]
    heads = part["heads"]
    if all(head["held"] is None for head in heads):
        return render_quiet("工作总结：未报送。")
    level = part["level"] or "未评定"
    lacking = [head["title"] for head in heads if not head["held"]]
    title = f"工作总结{'缺' + '、'.join(lacking) if lacking else '五部分齐全'}，考核等次：{level}"
    title = title.replace("五部分", f"{len(heads)}部分")
    items = "　".join(_head_text(head) for head in heads)
    line = HtmlBlock(Markup("<p>{}</p>").format(items), items)
    if part.get("result"):
        told = describe_result(part["result"])
        line = html_blocks.join_blocks(line, HtmlBlock(Markup("<p>{}</p>").format(told), told))
    note = f"字数后为同类中位数；来源：{part['source']}。" + (
        f"评语：{part['comment']}" if part.get("comment") else ""
    )
    return render_section(title, line, note=note)


def _head_text(head: Mapping[str, Any]) -> str:
    """Return a required part with its length and that of the peers."""
    if not head["held"]:
        return f"✗ {head['title']}：缺"
    peers = head["peers"]
    middle = f"（{formatting.format_number(peers['range']['median'])}）" if peers["range"] else ""
    return f"✓ {head['title']} {formatting.format_number(head['length'])}字{middle}"


@or_for_panel("render_nothing")
def render_exhibition(unit: ReportData) -> HtmlBlock:
    """Return the state of the exhibition materials, with the pictures in small."""
    part = unit["exhibition"]
    if all(head["held"] is None for head in part["parts"]):
        return render_quiet(f"展览素材：{NOT_SENT}。")
    lacking = [head["title"] for head in part["parts"] if not head["held"]]
    text = f"文字缺{'、'.join(lacking)}" if lacking else f"文字{len(part['parts'])}部分齐全"
    count, good = part["pictures"] or 0, part["pictures_ok"] or 0
    asked = part["pictures_asked"]
    order = f"{asked}幅待答复" if asked else "均合格" if count > 1 else "合格"
    if good != count:
        order = f"合格{good}幅" if good else "都不合格"
    shown = f"图片{count}幅，{order}"
    title = f"展览素材{text}，{shown if count else '没有图片'}"
    if not part["gallery"]:
        return render_quiet(f"{title}。")
    tiles = Markup("").join(_tile(picture) for picture in part["gallery"])
    names = "\n".join(picture["name"] for picture in part["gallery"])
    gallery = HtmlBlock(Markup('<div class="gallery">{}</div>').format(tiles), names)
    return render_section(title, gallery, note=f"来源：{part['source']}。")


def _tile(picture: Mapping[str, Any]) -> Markup:
    small = picture.get("thumbnail")
    image: Markup | str = (
        Markup('<img src="data:image/jpeg;base64,{}" alt="{}">').format(small, picture["name"])
        if small
        else Markup('<span class="blank">无法显示</span>')
    )
    faults = "、".join(picture["faults"])
    word = html_blocks.render_alert(faults) if faults else "合格"
    about = f"{picture['name']}　{picture['megabytes']}MB"
    return Markup('<figure class="tile">{}<figcaption>{}<br>{}</figcaption></figure>').format(
        image, about, word
    )


@or_for_panel("render_nothing")
def render_timeline(unit: ReportData) -> HtmlBlock:
    """Return the mails and letters of the unit on one time axis with the days that bind it."""
    if not unit["receipts"]:
        return render_quiet("报送经过：没有收到来件。")
    late = sum(mail["late"] for mail in unit["timeline"]["mails"])
    count = len(unit["receipts"])
    title = f"来件{count}封，" + (f"其中{late}封在期限之后" if late else "都在期限之内")
    listed = "；".join(_receipt_text(row) for row in unit["receipts"])
    axis = HtmlBlock(draw_timeline(unit["timeline"]), listed)
    words = HtmlBlock(Markup('<p class="how">{}。</p>').format(listed), "")
    return render_section(title, axis, words)


def _receipt_text(row: Mapping[str, Any]) -> str:
    number = formatting.format_receipt_number(row["receipt"])
    return f"{number}（{row['received']}）{row['kinds']}，{row['files']}个文件"
