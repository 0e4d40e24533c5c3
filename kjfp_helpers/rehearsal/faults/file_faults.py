"""Faults of files and mailboxes: what offices send otherwise than the notice asks for.

Each function plants one and names it in ``answers.json``: a row under ``planted`` for the finding
that must come, with the name of the fault, or under ``acts`` (``read_right``) where the material
must be read as it is meant without a question. What the office did on it is an act too:

================ ==================================================================
act              what the office did
================ ==================================================================
version_chosen   chose between two versions of a form
assigned         confirmed whose a message is, and kept the address
corrected        entered what the unit explained (``values``)
handled          settled a question after a call
================ ==================================================================
"""

from dataclasses import asdict, replace

from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.year_model import (
    ListedNominee,
    Nomination,
    UnitMail,
    UnitSubmission,
)

PRIVATE_CHARACTER = "\ue000"
"""First of the characters that Windows leaves to fonts of an office's own (造字)."""
TYPED_DAYS = ("2年+65天", 2 * 365 + 65)
UNLISTED_NOMINEE = "虚构桃李"
"""On a roster without a form; nobody else bears this name."""
PERSONAL_DOMAIN = "mail.example.net"
SETTLED = "办公室已电话核实，单位书面说明附卷，不再列入退回补正通知"


def plant_covering_letter(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Let the letter repeat some of the form that it carries."""
    entry = find_sound(context, submission, "individual")[0]
    _recommendation(submission).text = (
        "现报送我单位先进个人推荐表，详见附件。推荐人选主要情况如下：",
        "\n".join(_typed_lines(entry)),
        "请审核。",
    )
    _read_right(context, submission, fault, "正文所列几项与推荐表一致，以推荐表为准，不追问", entry)


def plant_quoted_form(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Let a reply carry an earlier letter along in which other figures stand."""
    entry = find_sound(context, submission, "individual")[0]
    mail = _recommendation(submission)
    mail.text = ("推荐表已按贵办电话要求核改，现以附件报送，请以附件为准。",)
    earlier = replace(entry, body=replace(entry.body, people_lifted=_less(entry)))
    heads = (
        "------------------ 原始邮件 ------------------",
        f"发件人：{submission.unit.short_name}联络员",
        "发送时间：2020年7月20日 16:08",
        "收件人：领导小组办公室",
        "主题：先进个人推荐信息",
    )
    mail.quoted = "\n".join((*heads, "", *_typed_lines(earlier)))
    _read_right(context, submission, fault, "引文里的旧数字不采用，以所附推荐表为准，不追问", entry)


def plant_member_list(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Send a list of a team's members beside its form."""
    mail = _recommendation(submission)
    mail.carries = (*mail.carries, "member_list")
    context.record_fault(submission, "people_list", "附有团队成员名单，不计为推荐", fault=fault)


def plant_roster(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Send a roster that names one nominee without a form, and one with another figure."""
    mail = _recommendation(submission)
    mail.carries = (*mail.carries, "roster")
    other = find_sound(context, submission, "individual")[0]
    mail.listed = [
        ListedNominee(
            name=entry.name,
            kind=entry.kind,
            employer=getattr(entry.body, "employer", None) or submission.unit.short_name,
            people_lifted=(entry.body.people_lifted or 0) + (100 if entry is other else 0),
        )
        for entry in submission.nominations
    ]
    mail.listed.append(
        ListedNominee(
            name=UNLISTED_NOMINEE,
            kind="individual",
            employer=f"{submission.unit.short_name}演练单位",
            people_lifted=200,
        )
    )
    why = f"汇总表列有{UNLISTED_NOMINEE}而没有推荐表，{other.name}的人数与推荐表不同"
    context.record_fault(submission, "roster_differs", why, fault=fault)
    reason = (
        f"单位来函说明：{UNLISTED_NOMINEE}经研究不再推荐；"
        f"{other.name}的人数系汇总表笔误，以推荐表为准"
    )
    context.record_act(submission, "handled", SETTLED, code="roster_differs", reason=reason)


def plant_two_versions(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Send two versions of a form in one message."""
    entry = find_sound(context, submission, "individual")[0]
    entry.older = {"people_lifted": _less(entry)}
    why = "同一来件附两份推荐表，带动人数不同，其中一份名为最终版"
    context.record_fault(submission, "versions_differ", why, entry, fault=fault)
    says = "秘书按单位电话答复选定最终版，另一份仍予保存"
    reason = "经电话核实，单位答复以“最终版”为准，先前一份系误附，书面说明附卷"
    context.record_act(
        submission, "version_chosen", says, entry, code="versions_differ", reason=reason
    )


def plant_layout(
    context: FaultContext,
    submission: UnitSubmission,
    fault: str,
    *,
    kind: str,
    codes: tuple[str, ...] = (),
    why: str,
    reason: str = "",
) -> None:
    """Send a form in another layout than the notice's; a question on it is settled by a call."""
    entry = find_sound(context, submission, kind)[0]
    entry.layout = fault
    if not codes:
        _read_right(context, submission, fault, why, entry)
    for code in codes:
        context.record_fault(submission, code, why, entry, fault=fault)
        context.record_act(submission, "handled", SETTLED, entry, code=code, reason=reason)


def plant_ofd(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Send a form as OFD, which nobody reads."""
    entry = submission.people()[-1]
    entry.layout = fault
    context.record_fault(submission, "unsupported", "推荐表为OFD版式文件", entry, fault=fault)


def plant_undated_opinion(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Leave the date of the opinion out."""
    entry = find_sound(context, submission, "individual")[-1]
    entry.blank = ("recommend_date",)
    context.record_fault(submission, "opinion_incomplete", "推荐意见没有日期", entry, fault=fault)


def plant_typed_days(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Write the days of service as years and days."""
    entry = find_sound(context, submission, "individual")[0]
    entry.body = replace(entry.body, service_days=TYPED_DAYS[1])
    entry.typed = {"service_days": TYPED_DAYS[0]}
    why = f"服务天数写作“{TYPED_DAYS[0]}”，没有折算"
    context.record_fault(submission, "ambiguous", why, entry, fault=fault)
    says = "办公室按单位书面说明更正，原填写照存"
    values = {"service_days": TYPED_DAYS[1]}
    reason = f"单位来函说明：{TYPED_DAYS[0]}折合{TYPED_DAYS[1]}天"
    context.record_act(
        submission, "corrected", says, entry, code="ambiguous", values=values, reason=reason
    )


def plant_private_character(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Put a character of the office's own font into a name."""
    entry = find_sound(context, submission, "individual")[0]
    assert isinstance(entry.body, Individual)
    entry.body = replace(entry.body, name=entry.name[:-1] + PRIVATE_CHARACTER)
    for box in ("姓名", "主要事迹"):
        why = f"{box}有造字"
        context.record_fault(submission, "ambiguous", why, entry, fault=fault)
    reason = "经电话核实，姓名末字为造字，单位已在纸质件上注明读音和字形，打印名单时照描"
    context.record_act(submission, "handled", SETTLED, entry, code="ambiguous", reason=reason)


def plant_unknown_address(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Send the forms from a personal address; only the signature tells whose they are."""
    mail = _recommendation(submission)
    mail.sender = f"u{submission.unit.code.lower()}@{PERSONAL_DOMAIN}"
    mail.subject = "推荐材料"
    context.record_fault(
        submission, "unit_inferred", "从个人邮箱发来，只有落款写明单位", fault=fault
    )
    says = "秘书按落款确认单位并登记发件地址，理由记入台账"
    reason = "正文落款为该单位，经电话核实系联络员个人邮箱，今后照此认定"
    context.record_act(submission, "assigned", says, code="unit_inferred", reason=reason)


def plant_stocktake_layout(
    context: FaultContext,
    submission: UnitSubmission,
    fault: str,
    *,
    codes: tuple[str, ...] = (),
    why: str,
) -> None:
    """Keep the figures in another workbook than the blank."""
    submission.stocktake_layout = fault
    mail = next(item.name for item in submission.mails if "stocktake" in item.carries)
    ending = mail.rpartition("-")[2]
    for code in codes:
        context.record_fault(submission, code, why, mail=ending, fault=fault)
    if not codes:
        _read_right(context, submission, fault, why, mail=ending)


def plant_yearly_sheets(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Keep a sheet a year, and no total."""
    figures = {
        name: value for name, value in asdict(submission.done).items() if isinstance(value, int)
    }
    codes, why = ("ambiguous",) * len(figures), "分年各一张表，没有合计"
    plant_stocktake_layout(context, submission, fault, codes=codes, why=why)
    mail = context.year.planted[-1].mail.rpartition("-")[2]
    says = "办公室按单位书面说明录入各年合计，逐项记入台账"
    context.record_act(
        submission,
        "corrected",
        says,
        code="ambiguous",
        mail=mail,
        values=figures,
        reason="单位来函说明：各年分表相加即为合计，逐项照录",
    )


def plant_ten_thousands(context: FaultContext, submission: UnitSubmission, fault: str) -> None:
    """Write the people lifted in units of ten thousand."""
    rounded = ((submission.done.people_done or 0) // 100 + 1) * 100
    submission.stocktake = submission.done = replace(submission.done, people_done=rounded)
    why = f"脱贫人数写作“{rounded / 10_000:g}万”"
    plant_stocktake_layout(context, submission, fault, codes=("numeric_cell",), why=why)


def find_sound(
    context: FaultContext, submission: UnitSubmission, kind: str = ""
) -> list[Nomination]:
    """Return the nominations of a kind on which no fault is planted."""
    faulty = {(row.unit, row.case) for row in context.year.planted}
    faulty |= {(row.unit, row.case) for row in context.year.acts}
    return [
        entry
        for entry in submission.nominations
        if kind in ("", entry.kind) and (entry.unit, entry.name) not in faulty
    ]


def sends_forms_alone(submission: UnitSubmission) -> bool:
    """Whether the message with the forms carries nothing in which the unit is named."""
    return _recommendation(submission).carries == ("forms",)


def _recommendation(submission: UnitSubmission) -> UnitMail:
    return next(mail for mail in submission.mails if mail.name.endswith("recommendation"))


def _read_right(
    context: FaultContext,
    submission: UnitSubmission,
    fault: str,
    says: str,
    entry: Nomination | None = None,
    mail: str = "recommendation",
) -> None:
    context.record_act(submission, "read_right", says, entry, mail=mail, fault=fault)


def _less(entry: Nomination) -> int:
    return max((entry.body.people_lifted or 0) * 7 // 10, 1)


def _typed_lines(entry: Nomination) -> list[str]:
    """Return what a letter says of a person, label by label."""
    body = entry.body
    assert isinstance(body, Individual) and not isinstance(body, Team)
    return [
        f"姓名：{body.name}",
        f"性别：{body.gender}",
        f"职务/职称：{body.title}",
        f"工作单位：{body.employer}",
        f"联系方式：{body.phone}",
        f"带动脱贫贫困人口数：{body.people_lifted}人",
        f"深入贫困地区开展服务累计天数：{body.service_days}天",
    ]
