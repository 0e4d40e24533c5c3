"""Scorecard of a unit: one row a figure of the notice's clauses, beside the range of its peers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.records import NOMINEE_KINDS, Record, Stocktake
from kjfp_helpers.core.state_labels import (
    EXCLUDED,
    FIT,
    IN_ORDER,
    IN_TIME,
    LATE,
    NO_TARGET,
    NOT_NOMINATED,
    NOT_SENT,
    ON_HOLD,
    WITHDRAWN,
)
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.peer_comparison import THIRDS, peer_count

if TYPE_CHECKING:
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.rules import Unit


NOMINEE_STATES = (FIT, ON_HOLD, EXCLUDED, WITHDRAWN)
"""States of nominees in the order in which they are counted."""


def list_figures(index: "StateIndex", unit: "Unit") -> list[dict[str, Any]]:
    """Return the three quantities: assigned and own target, done, gap, rate, source and peers."""
    row, record = index.stocktake.get(unit.code, {}), index.records.get((unit.code, "stocktake"))
    figures = []
    for prefix, (label, measure) in formatting.INDICATORS.items():
        values = {
            key: formatting.json_value(row.get(f"{prefix}_{key}"))
            for key in ("target", "own", "done", "gap", "rate")
        }
        figures.append(
            {
                "code": prefix,
                "label": label,
                "measure": measure,
                **values,
                "state": row.get(f"{prefix}_state", NOT_SENT),
                "source": _place_of(record, f"{prefix}_done"),
                "peers": index.rate_peers[prefix].compare(unit.quota, values["rate"]),
            }
        )
    return figures


def _place_of(record: Record | None, name: str) -> str:
    """Return where a figure stands: receipt and cell."""
    if record is None or not isinstance(record.body, Stocktake):
        return ""
    place = record.provenance.get(name, "")
    return "　".join(filter(None, (formatting.format_receipt_number(record.receipt), place)))


def build_scorecard(index: "StateIndex", unit: "Unit", facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message of the scorecard, its rows, and in ``blank`` what has no figure at all.

    Each row has ``clause label own target peers scale word source``; ``scale`` is what its strip
    draws (``rate`` around 1.0, else a count), ``""`` for no strip.
    """
    rows = [
        *(_rate_row(figure) for figure in facts["figures"]),
        _summary_row(index, unit, facts["summary"]),
        _picture_row(index, unit, facts["exhibition"]),
        *_nominee_rows(facts),
        _deadline_row(facts["completeness"]),
        _spot_check_row(facts["spot_check"]),
    ]
    message = score_message(facts["figures"], facts["unit"]["class"])
    told = [row for row in rows if not _is_blank(row)]
    return {"message": message, "rows": told, "blank": _tell_blank(filter(_is_blank, rows))}


def _is_blank(row: Mapping[str, Any]) -> bool:
    """Return whether a row would show dashes only: no figure of its own, no target, no peers."""
    return (
        bool(row["scale"])
        and row["own"] == formatting.MISSING
        and not row["peers"]["range"]
        and (row["scale"] == "count" or row["target"] == formatting.MISSING)
    )


def _tell_blank(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a sentence on the rows without any figure, ``""`` for none.

    Examples
    --------
    >>> rows = [{"word": "未报送", "label": one} for one in ("带动脱贫（人）", "工作总结（字）")]
    >>> _tell_blank(rows)
    '没有数字的：带动脱贫、工作总结未报送。'
    """
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["word"], []).append(row["label"].partition("（")[0])
    told = "；".join(f"{'、'.join(labels)}{word}" for word, labels in names.items())
    return f"没有数字的：{told}。" if told else ""


def _rate_row(figure: Mapping[str, Any]) -> dict[str, Any]:
    own = formatting.format_number(figure["done"])
    return {
        "clause": "一",
        "label": f"{figure['label']}（{figure['measure']}）",
        "target": formatting.format_number(figure["target"]),
        "own": own,
        "value": figure["rate"],
        "shown": formatting.format_percent(figure["rate"]),
        "scale": "rate",
        "peers": figure["peers"],
        "word": _gap_word(figure),
        "source": figure["source"],
    }


def _gap_word(figure: Mapping[str, Any]) -> str:
    gap = figure["gap"]
    if gap is None:
        return str(figure["state"])
    if gap < 0:
        return f"差{-gap:,.0f}{figure['measure']}"
    return f"超{gap:,.0f}{figure['measure']}" if gap else "正好完成"


def _summary_row(index: "StateIndex", unit: "Unit", summary: Mapping[str, Any]) -> dict[str, Any]:
    heads = summary["heads"]
    held = sum(head["held"] is True for head in heads)
    total = sum(head["length"] or 0 for head in heads) or None
    return {
        "clause": "二",
        "label": "工作总结（字）",
        "target": f"{len(heads)}部分",
        "own": f"{held}部分" if total else formatting.MISSING,
        "value": total,
        "shown": formatting.format_number(total),
        "scale": "count",
        "peers": index.summary_peers.compare(unit.quota, total),
        "word": summary["level"] or ("未评定" if total else NOT_SENT),
        "source": summary["source"],
    }


def _picture_row(
    index: "StateIndex", unit: "Unit", exhibition: Mapping[str, Any]
) -> dict[str, Any]:
    count, sent = exhibition["pictures_ok"], exhibition["pictures"]
    return {
        "clause": "三（三）",
        "label": "展览图片（幅）",
        "target": "均须合格",
        "own": formatting.format_number(sent),
        "value": count,
        "shown": f"合格{count}" if count != sent else "",
        "scale": "count",
        "peers": index.picture_peers.compare(unit.quota, count),
        "word": _picture_word(exhibition),
        "source": exhibition["source"],
    }


def _picture_word(exhibition: Mapping[str, Any]) -> str:
    """Return whether the pictures are in order; texts that lack stand in their own part."""
    sent, good, asked = (exhibition[key] for key in ("pictures", "pictures_ok", "pictures_asked"))
    if sent is None:
        return NOT_SENT
    if not sent:
        return "没有图片"
    if good != sent:
        return f"{sent - good}幅不合格"
    return f"{asked}幅待答复" if asked else IN_ORDER


def _nominee_rows(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for code in NOMINEE_KINDS:
        own = [row for row in facts["nominees"] if row["code"] == code]
        label, most = formatting.MATERIAL_TITLES[code].removesuffix("推荐表"), facts["quota"][code]
        rows.append(
            {
                "clause": "二",
                "label": f"推荐{label}（{'个' if code == 'team' else '名'}）",
                "target": f"不超过{most}",
                "own": str(len(own)),
                "value": None,
                "shown": "",
                "scale": "",
                "peers": None,
                "word": _fit_word([row["state"] for row in own]),
                "source": "",
            }
        )
    return rows


def _fit_word(states: Sequence[str]) -> str:
    if not states:
        return NOT_NOMINATED
    counts = Counter(states)
    if len(counts) == 1:
        return states[0] if len(states) == 1 else f"均{states[0]}"
    return "，".join(f"{counts[state]}{state}" for state in NOMINEE_STATES if counts[state])


def _deadline_row(completeness: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    late = [
        formatting.MATERIAL_TITLES[kind]
        for kind, cell in completeness.items()
        if cell["state"] == LATE
    ]
    states = Counter(cell["state"] for cell in completeness.values())
    absent = states[NOT_SENT]
    word = f"{'、'.join(late)}逾期" if late else ("按期" if not absent else f"{absent}类未报送")
    return {
        "clause": "四",
        "label": "报送时限",
        "target": "按期报送",
        "own": f"{states[IN_TIME]}类按期",
        "value": None,
        "shown": "",
        "scale": "",
        "peers": None,
        "word": word,
        "source": "",
    }


def _spot_check_row(check: Mapping[str, Any]) -> dict[str, Any]:
    word = check["result"] or ("尚无结果" if check["drawn"] else "无须检查")
    return {
        "clause": "一",
        "label": "抽查",
        "target": "抽中的接受检查",
        "own": "抽中" if check["drawn"] else "未抽中",
        "value": None,
        "shown": "",
        "scale": "",
        "peers": None,
        "word": word,
        "source": "",
    }


def score_message(figures: Sequence[Mapping[str, Any]], group: str) -> str:
    """Return what the scorecard says, in one line: targets met, and where the unit stands.

    Examples
    --------
    >>> met = {"state": "已完成", "peers": {"n": 22, "place": "前三分之一"}, "label": "带动脱贫"}
    >>> score_message([met, met, {**met, "state": "未完成"}], "扶贫重点省份")
    '三项目标中两项已完成、一项未完成，三项均居同类前三分之一（22个扶贫重点省份）'
    """
    states = [figure["state"] for figure in figures]
    words = "零一两三"
    if NOT_SENT in states:
        return "盘点表未报送，三项目标不能判断"
    if states.count(NO_TARGET) == len(states):
        return "三项任务目标均未下达，不作判断"
    counts = Counter(state.removeprefix("目标") for state in states)
    parts = [f"{words[count]}项{state}" for state, count in counts.most_common()]
    text = f"三项目标中{'、'.join(parts)}" if len(parts) > 1 else f"三项目标均{states[0]}"
    places = [figure["peers"]["place"] for figure in figures]
    among = formatting.format_peers(peer_count(figures), group)
    for third in (THIRDS[0], THIRDS[2], THIRDS[1]):
        if held := places.count(third):
            part = "三项均居" if held == 3 else f"{words[held]}项居"
            return f"{text}，{part}同类{third}（{among}）"
    return text
