"""Verdict on a unit: one sentence that says what matters most for it, and its next step.

The order is that of the consequence: a nominee does not take part, a paper was not sent, a target
was missed, a fault to mend, a question to answer; a unit with none of these is told how it stands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kjfp_helpers.core.state_labels import (
    BLANK,
    EXCLUDED,
    FIT,
    LATE,
    MET,
    NO_TARGET,
    NOT_SENT,
    UNMET,
    WITHDRAWN,
)
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.unit.unit_duties import BARS, FAULT, OWED, QUESTION
from kjfp_helpers.reports.peer_comparison import THIRDS, peer_count

Facts = Mapping[str, Any]
_REASONS: Mapping[str, tuple[str, str]] = {
    "over_quota": ("推荐超出名额", "选定前均暂不参加评审"),
    "not_commended": ("查不到曾获表扬的记录", "补交文件前暂不参加评审"),
    "commended_near": ("名称与曾获表扬名单不一致", "说明前暂不参加评审"),
    "duplicate_person": ("被重复推荐", "确定由一个单位推荐前暂不参加评审"),
    "duplicate_team": ("被重复推荐", "确定由一个单位推荐前暂不参加评审"),
    "seal_missing": ("推荐表缺少盖章", "补盖前暂不参加评审"),
    "story_too_long": ("主要事迹超过字数", "压缩重报前暂不参加评审"),
    "opinion_incomplete": ("推荐意见不全", "补全前暂不参加评审"),
    "versions_differ": ("推荐表有几份不同的文本", "说明以哪份为准前暂不参加评审"),
}
"""Code that keeps a nominee out: why, and until when."""
_MAX_STEPS = 3
"""Duties that stand beside the verdict; the table under it tells all."""
_COUNTED = "零一两三"
_EXPLAINED = ("late", "correction_late")
_TONES = {BARS: "bad", OWED: "bad", FAULT: "warn", QUESTION: "info"}


def compose_verdict(facts: Facts) -> dict[str, Any]:
    """Return ``sentence``, ``steps`` (the first duties and their days) and ``tone``."""
    duties: Sequence[Facts] = facts["duties"]
    kept_out, unmet = _kept_out_text(facts), _unmet_text(facts["figures"])
    told = ("target_not_met",) if unmet else ()
    faults = [duty for duty in duties if duty["order"] == FAULT and duty["code"] not in told]
    questions = [duty for duty in duties if duty["order"] == QUESTION]
    ranked = [
        (kept_out, "bad"),
        (_owed_text(facts), "bad"),
        (unmet, "warn"),
        (_matter_text(faults, "须补正"), "warn"),
        (_matter_text(questions, "待答复"), "info"),
    ]
    found = [(text, tone) for text, tone in ranked if text]
    if not found:
        lead, tone = _standing_text(facts), "good"
        second = _nominee_text(facts)
    else:
        lead, tone = found[0]
        rest = _nominee_text(facts) if unmet else _target_text(facts)
        second = found[1][0] if len(found) > 1 else rest
    sentence = "；".join(filter(None, (lead, second)))
    return {"sentence": f"{sentence}。", "steps": list_steps(duties), "tone": tone}


def list_steps(duties: Sequence[Facts]) -> list[str]:
    """Return what is to be done and by when, a line each; the last tells of those left out.

    Examples
    --------
    >>> duty = {"due_text": "2020年9月5日前", "how": "请补盖公章", "about": "甲队", "title": "缺章"}
    >>> list_steps([duty])
    ['2020年9月5日前（含当日）：缺章（甲队），请补盖公章。']
    >>> list_steps([duty | {"about": "展览素材", "title": "图片小于规定", "how": "请报原图"}] * 5)
    ['2020年9月5日前（含当日）：图片小于规定（展览素材，共5件），请报原图。']
    >>> list_steps([duty | {"about": "工作总结", "title": "未报送工作总结", "how": "报送工作总结"}])
    ['2020年9月5日前（含当日）：报送工作总结。']
    >>> list_steps([])
    ['没有须办理的事项。']
    """
    if not duties:
        return ["没有须办理的事项。"]
    alike: dict[tuple[str, ...], list[Facts]] = {}
    for duty in duties:
        alike.setdefault((duty["due_text"], duty["title"], str(duty["how"])), []).append(duty)
    told = list(alike.values())[:_MAX_STEPS]
    steps = [_step_text(group) for group in told]
    if len(steps) > 1:
        steps = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    rest = len(duties) - sum(map(len, told))
    return [*steps, f"另有{rest}件，见下表。"] if rest else steps


def _step_text(alike: Sequence[Facts]) -> str:
    """Return what is to be done about duties that differ only in what they are about."""
    duty = alike[0]
    names = [
        one["about"]
        for one in alike
        if one["about"] not in one["title"] and one["about"][:2] != one["title"][:2]
    ]
    many = f"共{len(alike)}件" if len(alike) > 1 else ""
    told = "，".join(filter(None, ("、".join(dict.fromkeys(names)), many)))
    about = f"（{told}）" if told else ""
    due = re.sub("日前$", "日前（含当日）", duty["due_text"])
    how = str(duty["how"]).partition("；未选定前")[0]
    if duty["title"].endswith(how.partition("，")[0]):
        return f"{due}：{how}。"
    return f"{due}：{duty['title']}{about}，{how}。"


def _kept_out_text(facts: Facts) -> str:
    """Return which nominees do not take part, why, and until when; the unit's own choice aside."""
    groups: dict[tuple[str, str], list[Facts]] = {}
    for row in facts["nominees"]:
        if row["state"] in (FIT, WITHDRAWN):
            continue
        code = row["reason_codes"][0] if row["reason_codes"] else ""
        if code == "over_quota" and row["state"] == EXCLUDED:
            continue  # the unit chose others
        why = _reason_text(facts, row, code)
        groups.setdefault(why, []).append(row)
    parts = [f"{_who(facts, rows)}{why}，{until}" for (why, until), rows in groups.items()]
    return "；".join(parts[:2])


def _reason_text(facts: Facts, row: Facts, code: str) -> tuple[str, str]:
    """Return why a nominee is out, and until when."""
    why, until = _REASONS.get(code, (f"“{row['reasons']}”未了结", "了结前暂不参加评审"))
    if code == "late":
        why, until = f"{_late_text(facts, row['code'])}到件", "未经裁定不参加评审"
    if not row["case"]:
        return "打不开", "重报前该推荐对象暂不参加评审"
    if row["state"] == EXCLUDED:
        until = "经裁定不参加评审"
    return ("" if why.startswith("被") else "因") + why, until


def _late_text(facts: Facts, code: str) -> str:
    arrived = facts["completeness"][code]["arrived"]
    over = arrived.partition(LATE)[2]
    over = re.sub(r"(天|小时)\d+分钟$", r"\1", over)
    return f"逾期{over}"


def _who(facts: Facts, rows: Sequence[Facts]) -> str:
    if len(rows) == 1:
        named = f"“{rows[0]['name']}”"
        return f"{rows[0]['kind']}{named}" if rows[0]["case"] else named
    codes = {row["code"] for row in rows}
    same = [row for row in facts["nominees"] if row["code"] in codes]
    whole = "全部" if len(rows) == len(same) else ""
    if len(codes) > 1:
        return f"推荐的{len(rows)}件{whole}"
    measure = "个" if codes == {"team"} else "名"
    return f"推荐的{rows[0]['kind']}{len(rows)}{measure}{whole}"


def _owed_text(facts: Facts) -> str:
    owed = [duty for duty in facts["duties"] if duty["order"] == OWED]
    if not owed:
        return ""
    past = [duty["about"] for duty in owed if duty["wanted"]]
    named = "、".join(past) if len(past) < len(owed) or not facts["receipts"] else ""
    passed = f"{named}期限已过" if past else ""
    if not facts["receipts"]:
        return "，".join(filter(None, ("至今没有收到任何材料", passed)))
    told = f"{'、'.join(duty['about'] for duty in owed)}没有报送"
    return "，".join(filter(None, (told, passed)))


def _unmet_text(figures: Sequence[Facts]) -> str:
    """Return which targets were missed and by how much."""
    unmet = [row for row in figures if row["state"] == UNMET]
    if not unmet:
        return ""
    parts = [
        f"{row['label']}完成{formatting.format_percent(row['rate'])}、"
        f"差{-row['gap']:,.0f}{row['measure']}"
        for row in unmet
    ]
    met = sum(row["state"] == MET for row in figures)
    rest = f"，其余{_COUNTED[met]}项已完成" if met and met + len(unmet) == len(figures) else ""
    return f"{'，'.join(parts)}，没有完成任务目标{rest}"


def _matter_text(duties: Sequence[Facts], need: str) -> str:
    """Return the first matter by name and how many there are."""
    if not duties:
        return ""
    first, count = duties[0], len(duties)
    here = sum(duty["title"] == first["title"] for duty in duties)
    many = f"{here}件" if here > 1 else ""
    about = "" if first["about"][:2] == first["title"][:2] else f"{first['about']}："
    if first["code"] in _EXPLAINED:
        need = "须书面说明原因"
    text = f"{about}{first['title']}{many}，{need}"
    return text if here == count else f"{text}（另有{count - here}件）"


def _target_text(facts: Facts) -> str:
    """Return in few words how the targets stand, beside a graver matter."""
    figures = facts["figures"]
    states = [row["state"] for row in figures]
    if NOT_SENT in states:
        return ""
    if states.count(MET) == len(states):
        rates = [row["rate"] for row in figures]
        low = min(rate for rate in rates if rate is not None)
        return f"三项任务目标均已完成（{formatting.format_percent(low)}以上）"
    if states.count(NO_TARGET) == len(states):
        return "任务目标没有下达，不作判断"
    unknown = [
        f"{'、'.join(row['label'] for row in figures if row['state'] == state)}{why}"
        for state, why in ((BLANK, "未填，不能判断"), (NO_TARGET, "没有下达目标，不作判断"))
        if state in states
    ]
    met = states.count(MET)
    if unknown and met and met + states.count(BLANK) + states.count(NO_TARGET) == len(states):
        unknown.append(f"其余{_COUNTED[met]}项已完成")
    return "，".join(unknown)


def _standing_text(facts: Facts) -> str:
    """Return how a unit without any duty stands among its peers."""
    figures = facts["figures"]
    states = [row["state"] for row in figures]
    if states.count(MET) != len(states):
        return _target_text(facts) or "材料已收齐，没有须补正之处"
    ordered = sorted(figures, key=lambda row: -row["rate"])
    group = facts["unit"]["class"]
    places = {third: [r for r in ordered if r["peers"]["place"] == third] for third in THIRDS}
    first, middle, last = (places[third] for third in THIRDS)
    if len(first) == len(figures):
        return f"三项任务目标全部超额，都居{_peers(first, group)}的前三分之一"
    if len(last) == len(figures):
        return f"三项任务目标均已完成，但完成率都居{_peers(last, group)}的后三分之一"
    if first and last:
        return f"三项任务目标均已完成，{_rates(first)}居同类前列，{_rates(last)}居同类后列"
    if first:
        return f"三项任务目标均已完成，{_rates(first)}居{_peers(first, group)}的前三分之一"
    if last:
        return f"三项任务目标均已完成，{_rates(last)}在{_peers(last, group)}中偏后"
    if middle:
        return f"三项任务目标均已完成，完成率居{_peers(middle, group)}的中间"
    best = ordered[0]
    return f"三项任务目标均已完成，{_rates([best])}最高"


def _peers(rows: Sequence[Facts], group: str) -> str:
    """Return with how many units of which kind figures are compared."""
    return formatting.format_peers(peer_count(rows), group)


def _rates(rows: Iterable[Facts]) -> str:
    return "、".join(f"{row['label']}（{formatting.format_percent(row['rate'])}）" for row in rows)


def _nominee_text(facts: Facts) -> str:
    """Return what was nominated and whether all of it takes part."""
    rows = facts["nominees"]
    if not rows:
        return "没有推荐先进团队和先进个人"
    fit = [row for row in rows if row["eligible"]]
    listed = [row["name"] for row in rows if row["status"] in ("入围", "增列")]
    if listed:
        return f"入围：{'、'.join(listed)}"
    teams = sum(row["code"] == "team" for row in fit)
    people = len(fit) - teams
    counts = ((teams, "个团队"), (people, "名个人"))
    named = "、".join(f"{count}{word}" for count, word in counts if count)
    if len(fit) == len(rows):
        return f"推荐的{named}{'均' if len(fit) > 1 else ''}可参评"
    is_own_choice = any(row["state"] == WITHDRAWN for row in rows)
    own = f"撤回推荐{len(rows) - len(fit)}件后" if is_own_choice else "按名额选定后"
    return f"{own}，{named}可参评" if fit else f"推荐的{len(rows)}件已全部撤回"
